package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.ClientIdentity;
import org.parley.testing.Frame;
import org.parley.testing.OpeningHandshake;

/** The opening handshake of RFC 6455 against the real server (W15-W18). */
class OpeningHandshakeIT extends ServerUnderTest {
  private static final ClientIdentity PEER = PKI.client("handshake-peer");
  private static final String KEY = "Sec-WebSocket-Key";
  private static final String VERSION = "Sec-WebSocket-Version";

  @ParameterizedTest(name = "W15 version \"{0}\"")
  @ValueSource(strings = {"8", "12", "14", "0", "13, 8", "x", ""})
  void givenOtherVersion_whenOffered_then426NamesOurs(String version) throws IOException {
    try (var socket = handshake(PEER, agent().with(VERSION, version))) {
      PlainAnswer.check(socket.answer(), 426);
      assertThat(socket.answer().header(VERSION)).contains("13");
    }
  }

  @Test
  @Tag("W15")
  void givenNoVersion_whenAsked_then426NamesOurs() throws IOException {
    try (var socket = handshake(PEER, agent().without(VERSION))) {
      PlainAnswer.check(socket.answer(), 426);
      assertThat(socket.answer().header(VERSION)).contains("13");
    }
  }

  @ParameterizedTest(name = "W16 key \"{0}\"")
  @ValueSource(
      strings = {
        "",
        "AAAA",
        "not base64 at all!!",
        "dGhlIHNhbXBsZSBub25jZQ",
        "AAAAAAAAAAAAAAAAAAAAAAA="
      })
  void givenKeyOfOtherSize_whenAsked_then400(String key) throws IOException {
    try (var socket = handshake(PEER, agent().with(KEY, key))) {
      PlainAnswer.check(socket.answer(), 400);
    }
  }

  @Test
  @Tag("W16")
  void givenNoKeyOrTwo_whenAsked_then400() throws IOException {
    try (var none = handshake(PEER, agent().without(KEY));
        var two = handshake(PEER, agent().header(KEY, "AQIDBAUGBwgJCgsMDQ4PEA=="))) {
      PlainAnswer.check(none.answer(), 400);
      PlainAnswer.check(two.answer(), 400);
    }
  }

  @ParameterizedTest(name = "W16 another Upgrade: {0}")
  @ValueSource(strings = {"websocket", "x"})
  void givenTwoUpgradeHeaders_whenAsked_then400(String another) throws IOException {
    try (var socket = handshake(PEER, agent().header("Upgrade", another))) {
      PlainAnswer.check(socket.answer(), 400);
    }
  }

  @Test
  @Tag("W16")
  void givenHttp10_whenAsked_then400() throws IOException {
    var handshake = agent().requestLine("GET /pcp2/agent HTTP/1.0");
    try (var socket = handshake(PEER, handshake)) {
      PlainAnswer.check(socket.answer(), 400);
    }
  }

  @ParameterizedTest(name = "W17 Origin: {0}")
  @CsvSource({
    "https://attacker.example",
    "https://localhost.attacker.example",
    "https://attacker.example/localhost",
    "http://localhost",
    "https://localhost:1",
    "null",
    "https://localhost https://attacker.example",
  })
  void givenForeignOrigin_whenAsked_then403(String origin) throws IOException {
    try (var socket = handshake(PEER, agent().header("Origin", origin))) {
      PlainAnswer.check(socket.answer(), 403);
    }
  }

  @Test
  @Tag("W17")
  void givenOwnOriginBeforeAForeignOne_whenAsked_then403() throws IOException {
    var handshake =
        agent().header("Origin", "https://localhost").header("Origin", "https://attacker.example");
    try (var socket = handshake(PEER, handshake)) {
      PlainAnswer.check(socket.answer(), 403);
    }
  }

  @Test
  @Tag("W17")
  void givenOwnOrigin_whenAsked_thenSession() throws IOException {
    try (var socket = handshake(PEER, agent().header("Origin", "https://localhost"))) {
      assertThat(socket.upgraded()).isTrue();
    }
  }

  @ParameterizedTest(name = "W18 {0}")
  @ValueSource(
      strings = {
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits; server_no_context_takeover",
        "x-webkit-deflate-frame",
        "foo, bar; baz=1"
      })
  void givenExtension_whenOffered_thenNotNegotiated(String extension) throws IOException {
    try (var socket = handshake(PEER, agent().header("Sec-WebSocket-Extensions", extension))) {
      assertThat(socket.upgraded()).isTrue();
      assertThat(socket.answer().headers()).doesNotContainKey("Sec-WebSocket-Extensions");
    }
  }

  @Test
  @Tag("W18")
  void givenOfferedCompression_whenACompressedFrameComes_then1002() throws IOException {
    var handshake = agent().header("Sec-WebSocket-Extensions", "permessage-deflate");
    try (var socket = handshake(PEER, handshake)) {
      socket.send(Frame.text("{}").firstOctet(0xC1)); // FIN, RSV1, text
      assertThat(socket.readFrame(Frame.CLOSE, SOON).closeCode()).isEqualTo(1002);
    }
  }

  @Test
  void givenSubprotocol_whenOffered_thenNoneIsChosen() throws IOException {
    try (var socket = handshake(PEER, agent().subprotocol("pcp"))) {
      assertThat(socket.upgraded()).isTrue();
      assertThat(socket.answer().headers()).doesNotContainKey("Sec-WebSocket-Protocol");
    }
  }

  @Test
  void givenGoodHandshake_whenAnswered_thenItTellsNothingAboutTheServer() throws IOException {
    try (var socket = handshake(PEER, agent())) {
      assertThat(socket.upgraded()).isTrue();
      assertThat(socket.answer().header("Sec-WebSocket-Accept"))
          .contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="); // RFC 6455 section 1.3
      PlainAnswer.checkSaysNothing(socket.answer());
    }
  }

  private static OpeningHandshake agent() {
    return OpeningHandshake.of("/pcp2/agent");
  }
}
