package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.Frame;
import org.parley.testing.LiveClient;
import org.parley.testing.PcpTestClient;
import org.parley.testing.PcpTestClient.Closed;
import org.parley.testing.V1;
import org.parley.testing.V2;

/**
 * What the reference broker does wrong, measured, and this one right. The tags are the numbers of
 * {@code docs/conformance-pcp.md}, which names the tests of the others.
 */
class ReferenceDefectsIT extends ServerUnderTest {
  private static final String LIFE = V2.id(100);
  private static final String NAME = "defects";
  private static final String AGENT = "pcp://defects/agent";
  private static final String TWO = "pcp://defects/two";
  private static final String NOT_AUTHENTICATED = "Message not authenticated.";
  private static final String MULTIPLE = "Multiple recipients no longer supported.";
  private static final String INEXPRESSIBLE =
      "Not delivered, the target's version of PCP cannot carry this message.";

  /** A peer of version 1 whose session has begun: it has had an answer. */
  private static PcpTestClient v1(String clientType) throws IOException {
    var peer = connect(NAME, "/pcp/" + clientType);
    assertAlive(peer, "pcp://" + NAME + "/" + clientType);
    return peer;
  }

  private static void assertAlive(PcpTestClient peer, String uri) throws IOException {
    var message = V1.message(LIFE, "alive", uri, uri, "{}");
    peer.sendBinary(message);
    assertThat(peer.awaitBinary(SOON)).isEqualTo(message);
  }

  private static void assertAlive(LiveClient peer, String uri) throws Exception {
    peer.send(V2.message(LIFE, "alive", uri, "1"));
    assertThat(peer.await(SOON)).isEqualTo(V2.relayed(LIFE, "alive", uri, uri, "1"));
  }

  /** The broker's error as version 1 has it: exactly these keys, exactly one data chunk. */
  private static void assertError(byte[] frame, String data) {
    var error = V1.parse(frame).withoutId();
    assertThat(error.envelope())
        .isEqualTo(
            V2.parse(
                """
                {"message_type":"http://puppetlabs.com/error_message","targets":[],
                "sender":"pcp:///server","expires":"1970-01-01T00:00:00.000Z"}\
                """));
    assertThat(error.chunks()).containsExactly("2:" + data);
  }

  private static String describing(String id, String description) {
    return "{\"id\":\"" + id + "\",\"description\":\"" + description + "\"}";
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"{", "{\"id\":}", "no JSON", "{\"id\":\"1\",}", "[1]"})
  @Tag("2.12-01")
  void given01MalformedJson_whenSent_thenErrorMessageAndNoClose(String text) throws Exception {
    try (var peer = live(NAME, "/pcp2/agent")) {
      peer.send(text);

      assertThat(V2.withoutId(peer.await(SOON))).isEqualTo(V2.couldNotDecode());
      assertAlive(peer, AGENT);
    }
  }

  @Test
  @Tag("2.12-02")
  void given02DataThatIsNoJson_whenRelayed_thenItsBytesArriveOrItsSenderIsTold() throws Exception {
    byte[] data = {0, -1, '{', -128, 1, 2};
    try (var sender = v1("agent");
        var receiver = v1("two");
        var text = live("defects-text", "/pcp2/agent")) {
      var frame = binary(TWO, data);
      sender.sendBinary(frame);
      assertThat(receiver.awaitBinary(SOON)).isEqualTo(frame);

      sender.sendBinary(binary("pcp://defects-text/agent", data));
      assertError(sender.awaitBinary(SOON), describing(V2.id(1), INEXPRESSIBLE));
      assertAlive(sender, AGENT);
      assertThat(text.poll()).isNull();
    }
  }

  private static byte[] binary(String target, byte[] data) {
    var envelope = V1.envelope(V2.id(1), "octets", AGENT, V1.NEVER, target);
    return V1.frame(V1.envelope(envelope), V1.chunk(2, data));
  }

  @Test
  @Tag("2.12-03")
  void given03NoTargets_whenSent_thenErrorMessageAndNoClose() throws Exception {
    try (var peer = v1("agent")) {
      peer.sendBinary(V1.frame(V1.envelope(V1.envelope(V2.id(1), "m", AGENT, V1.NEVER))));

      assertError(peer.awaitBinary(SOON), describing(V2.id(1), MULTIPLE));
      assertAlive(peer, AGENT);
    }
  }

  @Test
  @Tag("2.12-04")
  void given04TextOnVersion1_whenSent_thenErrorMessageInVersion1AndNoClose() throws Exception {
    try (var peer = v1("agent")) {
      peer.sendText(V2.message(V2.id(1), "m", AGENT, "1"));

      assertError(peer.awaitBinary(SOON), "{\"description\":\"Could not decode message\"}");
      assertAlive(peer, AGENT);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("names")
  @Tag("2.12-05")
  @Tag("2.12-06")
  void given05And06ClientTypeThatIsNone_whenConnecting_thenRefusedAndTheInventoryStaysClean(
      String path, int status) throws Exception {
    try (var observer = new Observer("controller-defects")) {
      assertThat(observer.subscribe("pcp://*/*")).noneMatch(uri -> uri.contains("defects-name"));
      try (var refused = handshake(PKI.client("defects-name"), path)) {
        assertThat(refused.answer().status()).isEqualTo(status);
      }
      assertThat(observer.inventory("pcp://*/*"))
          .noneMatch(uri -> uri.contains("defects-name"))
          .allMatch(uri -> uri.matches("pcp://[^/*]+/[^/*]+"));
    }
  }

  static Stream<Arguments> names() {
    return Stream.of(
        arguments("/pcp2/*", 400),
        arguments("/pcp/*", 400),
        arguments("/pcp2/a/b", 404),
        arguments("/pcp2/agent/", 404),
        arguments("/pcp/agent/", 404),
        arguments("/pcp2//agent", 404));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"{\"query\":\"pcp://*/*\"}", "[1]", "{\"query\":[],\"x\":{}}", "null"})
  @Tag("2.12-10")
  void given10BadInventoryRequest_whenAnswered_thenOneLineWithoutTheInside(String data)
      throws Exception {
    try (var peer = live("controller-defects", "/pcp2/controller")) {
      peer.send(V2.message(V2.id(1), V2.INVENTORY_REQUEST, "pcp:///server", data));

      assertThat(V2.parse(peer.await(SOON)).getString("data"))
          .matches("Invalid inventory_request: [a-z0-9 _\\[\\]]{1,60}");
    }
  }

  @Test
  @Tag("2.12-10")
  void given10BrokenFrame_whenClosed_thenTheReasonIsAPhraseWithoutTheInside() throws Exception {
    try (var peer = connect(NAME, "/pcp2/agent")) {
      peer.socket().send(Frame.of(Frame.TEXT, new byte[] {(byte) 0xFF}));

      assertThat(peer.awaitClose(SOON)).isEqualTo(new Closed(1007, "Invalid data."));
    }
  }

  @Test
  @Tag("2.12-13")
  void given13TheBrokersOwnName_whenItIsTheTarget_thenTheBrokerAnswersInBothVersions()
      throws Exception {
    var broker = "pcp://broker.test/server";
    var data = "{\"query\":[\"pcp://controller-defects/*\"]}";
    var own = "pcp://controller-defects/controller";
    try (var text = live("controller-defects", "/pcp2/controller")) {
      text.send(V2.message(V2.id(1), V2.INVENTORY_REQUEST, broker, data));
      assertThat(V2.parse(text.await(SOON)).getString("message_type"))
          .isEqualTo(V2.INVENTORY_RESPONSE);
    }
    try (var binary = connect("controller-defects", "/pcp/controller")) {
      binary.sendBinary(V1.message(V2.id(1), V2.INVENTORY_REQUEST, own, broker, data));
      assertThat(V1.parse(binary.awaitBinary(SOON)).envelope().getString("message_type"))
          .isEqualTo(V2.INVENTORY_RESPONSE);
    }
  }

  @Test
  @Tag("2.12-14")
  void given14SenderOfAnotherType_whenSent_thenNotAuthenticatedAndNotRelayed() throws Exception {
    try (var sender = v1("agent");
        var receiver = v1("two")) {
      sender.sendBinary(V1.message(V2.id(1), "m", "pcp://defects/zzz", TWO, "{}"));

      assertError(sender.awaitBinary(SOON), describing(V2.id(1), NOT_AUTHENTICATED));
      assertAlive(receiver, TWO); // the first that comes
    }
  }

  @Test
  @Tag("2.12-15")
  void given15InventoryRequestAsAnotherType_whenSent_thenAnErrorAndNotSilence() throws Exception {
    try (var peer = live("controller-defects", "/pcp2/controller")) {
      peer.send(
          "{\"id\":\"%s\",\"message_type\":\"%s\",\"sender\":\"%s\",\"data\":{\"query\":[]}}"
              .formatted(V2.id(1), V2.INVENTORY_REQUEST, "pcp://controller-defects/agent"));

      assertThat(V2.withoutId(peer.await(SOON))).isEqualTo(V2.error(NOT_AUTHENTICATED, V2.id(1)));
    }
  }

  @ParameterizedTest(name = "{0}, then {1}")
  @MethodSource("versions")
  @Tag("2.12-16")
  void given16Session_whenANewerOneHasItsUri_thenItIsToldWhy(String first, String second)
      throws Exception {
    try (var old = connect("defects-newest", first);
        var newest = live("defects-newest", second)) {
      assertThat(old.awaitClose(SOON)).isEqualTo(new Closed(4000, "Superseded"));
      assertThat(newest.open()).isTrue();
    }
  }

  static Stream<Arguments> versions() {
    var paths = List.of("/pcp/", "/pcp2/");
    return paths.stream().flatMap(one -> paths.stream().map(two -> arguments(one, two)));
  }

  static Stream<Arguments> lax() {
    var envelope = V1.envelope(V2.id(1), "m", AGENT, V1.NEVER, TWO);
    return Stream.of(
        lax("short id", envelope.replace(V2.id(1), "1-1-1-1-1")),
        lax("expires without a time", envelope.replace(V1.NEVER, "2030-01-01")),
        lax("expires a numeral", envelope.replace(V1.NEVER, "5")),
        lax("expires a number", envelope.replace("\"" + V1.NEVER + "\"", "5")),
        lax("a second object", envelope + envelope),
        lax("bytes behind the object", envelope + "x"));
  }

  private static Arguments lax(String what, String envelope) {
    return arguments(what, named(what, V1.frame(V1.envelope(envelope))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lax")
  @Tag("2.12-18")
  void given18LaxEnvelope_whenSent_thenNotDecodedAndNotDelivered(String what, byte[] frame)
      throws Exception {
    assertNotDecoded(what, frame);
  }

  private static void assertNotDecoded(String what, byte[] frame) throws IOException {
    try (var sender = v1("agent");
        var receiver = v1("two")) {
      sender.sendBinary(frame);

      var answer = sender.awaitBinary(SOON);
      assertThat(V1.parse(answer).chunks())
          .as(what)
          .containsExactly("2:{\"description\":\"Could not decode message\"}");
      assertError(answer, "{\"description\":\"Could not decode message\"}");
      assertAlive(sender, AGENT);
      assertAlive(receiver, TWO); // the first that comes
    }
  }

  static Stream<Arguments> notWhole() {
    var whole = V1.message(V2.id(1), "m", AGENT, TWO, "{\"a\":1}");
    var envelope = V1.envelope(V1.envelope(V2.id(1), "m", AGENT, V1.NEVER, TWO));
    return Stream.of(
        arguments("data cut", Arrays.copyOf(whole, whole.length - 1)),
        arguments("size of the data cut", Arrays.copyOf(whole, whole.length - 9)),
        arguments("byte behind the data", Arrays.copyOf(whole, whole.length + 1)),
        arguments("second envelope", V1.frame(envelope, envelope)),
        arguments("second data", V1.frame(envelope, V1.data("1"), V1.data("2"))),
        arguments("chunk of type 9", V1.frame(envelope, V1.chunk(9, new byte[2]))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("notWhole")
  @Tag("2.12-19")
  void given19FrameThatIsNotWhole_whenSent_thenNotDecodedAndNotDelivered(String what, byte[] frame)
      throws Exception {
    assertNotDecoded(what, frame);
  }
}
