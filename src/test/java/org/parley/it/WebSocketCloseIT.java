package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.Frame;
import org.parley.testing.RawWebSocket;
import org.parley.testing.V2;

/** RFC 6455 section 7 on the wire, and what becomes of the session. */
class WebSocketCloseIT extends ServerUnderTest {
  /** W19 allows five seconds; the broker's own limit is one. */
  private static final Duration CLOSED = Duration.ofSeconds(5);

  private static RawWebSocket open(String commonName) throws IOException {
    var socket = handshake(PKI.client(commonName), "/pcp2/close");
    assertThat(socket.answer().status()).isEqualTo(101);
    return socket;
  }

  private static Observer observerOf(String commonName) throws Exception {
    var observer = new Observer("controller-" + commonName);
    assertThat(observer.subscribe("pcp://" + commonName + "/close")).isEmpty();
    return observer;
  }

  private static void assertComesAndGoes(Observer observer, String commonName) throws Exception {
    var uri = "pcp://" + commonName + "/close";
    assertThat(observer.awaitChanges(2)).containsExactly("+" + uri, "-" + uri);
  }

  @ParameterizedTest(name = "code {0} from the client")
  @ValueSource(
      ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999})
  void givenValidCode_whenThePeerCloses_thenItIsEchoedAndTcpEnds(int code) throws Exception {
    try (var observer = observerOf("close-valid");
        var socket = open("close-valid")) {
      socket.send(Frame.close(code, "good bye €"));

      var close = socket.readFrame(Frame.CLOSE, SOON);
      assertThat(close.closeCode()).isEqualTo(code);
      socket.awaitEnd(CLOSED);
      assertComesAndGoes(observer, "close-valid");
    }
  }

  @Test
  void givenCloseWithoutCode_whenThePeerCloses_thenItIsAnsweredAndTcpEnds() throws Exception {
    try (var observer = observerOf("close-empty");
        var socket = open("close-empty")) {
      socket.send(Frame.of(Frame.CLOSE, new byte[0]));

      assertThat(socket.readFrame(Frame.CLOSE, SOON).closeCode()).isIn(1000, 1005);
      socket.awaitEnd(CLOSED);
      assertComesAndGoes(observer, "close-empty");
    }
  }

  @ParameterizedTest(name = "W07 code {0} from the client")
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535})
  void givenInvalidCode_whenThePeerCloses_thenItIsAProtocolError(int code) throws Exception {
    try (var observer = observerOf("close-invalid");
        var socket = open("close-invalid")) {
      socket.send(Frame.close(code, ""));

      assertThat(socket.readFrame(Frame.CLOSE, SOON).closeCode()).isEqualTo(1002);
      socket.awaitEnd(CLOSED);
      assertComesAndGoes(observer, "close-invalid");
    }
  }

  @Test
  void givenReasonThatIsNotUtf8_whenThePeerCloses_thenItIsInvalidData() throws Exception {
    try (var socket = open("close-utf8")) {
      socket.send(Frame.of(Frame.CLOSE, new byte[] {0x03, (byte) 0xE8, (byte) 0xFF}));

      assertThat(socket.readFrame(Frame.CLOSE, SOON).closeCode()).isEqualTo(1007);
      socket.awaitEnd(CLOSED);
    }
  }

  @Test
  void givenCloseSent_whenMoreFramesFollow_thenTheyAreIgnored() throws Exception {
    try (var receiver = live("close-late", "/pcp2/receiver");
        var socket = open("close-late")) {
      socket.send(
          Frame.close(1000, ""),
          Frame.text(V2.message(V2.id(1), "late", "pcp://close-late/receiver")),
          Frame.ping());

      assertThat(socket.readFrame(SOON).opcode()).isEqualTo(Frame.CLOSE);
      socket.awaitEnd(CLOSED);
      assertThat(receiver.poll()).isNull();
    }
  }

  @Test
  void givenW19OurClose_whenThePeerNeverAnswers_thenTcpEndsAllTheSame() throws Exception {
    try (var observer = observerOf("close-unanswered");
        var socket = open("close-unanswered")) {
      socket.send(Frame.of(3, new byte[0]));

      assertThat(socket.readFrame(Frame.CLOSE, SOON).closeCode()).isEqualTo(1002);
      socket.awaitEnd(CLOSED);
      assertComesAndGoes(observer, "close-unanswered");
    }
  }

  @Test
  void givenW19OurClose_whenThePeerSendsOnAndOn_thenTcpEndsAllTheSame() throws Exception {
    try (var socket = open("close-flood")) {
      socket.send(Frame.of(3, new byte[0]));
      var flood = new byte[65_536];

      await()
          .atMost(CLOSED)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .until(
              () -> {
                try {
                  socket.send(flood);
                  return false;
                } catch (IOException _) {
                  return true;
                }
              });
    }
  }

  @Test
  void givenSession_whenThePeerSendsFin_thenItIsDisassociated() throws Exception {
    try (var observer = observerOf("close-fin")) {
      open("close-fin").close();

      assertComesAndGoes(observer, "close-fin");
    }
  }

  @Test
  void givenSession_whenThePeerResets_thenItIsDisassociated() throws Exception {
    try (var observer = observerOf("close-rst")) {
      open("close-rst").abort();

      assertComesAndGoes(observer, "close-rst");
    }
  }

  @Test
  void givenHalfAFrame_whenThePeerSendsFin_thenItIsDisassociated() throws Exception {
    try (var observer = observerOf("close-half")) {
      try (var socket = open("close-half")) {
        socket.send(Frame.header(0x81, true, 1000));
      }

      assertComesAndGoes(observer, "close-half");
    }
  }

  @Test
  void givenPeerThatReadsAndNeverPongs_whenThePongTimeoutIsOver_thenItIsEnded() throws Exception {
    try (var observer = observerOf("close-dead");
        var socket = open("close-dead")) {
      assertThat(socket.readFrame(Frame.PING, SOON).payload()).isNotEmpty();

      var close = socket.readFrame(Frame.CLOSE, Duration.ofSeconds(20));
      assertThat(close.closeCode()).isEqualTo(1001);
      assertThat(close.closeReason()).isEqualTo("Idle timeout.");
      socket.awaitEnd(CLOSED);
      assertComesAndGoes(observer, "close-dead");
    }
  }

  @Test
  void givenSilentPeer_whenItIsPinged_thenItsPongKeepsItAlive() throws Exception {
    try (var observer = observerOf("close-silent");
        var socket = open("close-silent")) {
      for (int i = 0; i < 3; i++) {
        socket.send(Frame.pong(socket.readFrame(Frame.PING, SOON).payload()));
      }

      assertThat(observer.awaitChanges(1)).containsExactly("+pcp://close-silent/close");
      assertThat(observer.inventory("pcp://close-silent/*"))
          .containsExactly("pcp://close-silent/close");
    }
  }

  @Test
  void givenPong_whenItEchoesAnotherPayload_thenTheOwedOneIsStillOwed() throws Exception {
    try (var socket = open("close-wrong-pong")) {
      assertThat(socket.readFrame(Frame.PING, SOON).payload()).isNotEmpty();
      socket.send(Frame.pong((byte) 1));

      assertThat(socket.readFrame(Frame.CLOSE, Duration.ofSeconds(20)).closeCode()).isEqualTo(1001);
    }
  }
}
