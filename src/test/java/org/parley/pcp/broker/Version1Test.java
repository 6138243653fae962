package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.parley.pcp.broker.BrokerFixture.ID;
import static org.parley.pcp.broker.BrokerFixture.peer;
import static org.parley.pcp.broker.BrokerFixture.sentBy;
import static org.parley.pcp.broker.BrokerFixture.to;
import static org.parley.pcp.broker.V1Frames.SENDER;
import static org.parley.pcp.broker.V1Frames.couldNotDecode;
import static org.parley.pcp.broker.V1Frames.envelope;
import static org.parley.pcp.broker.V1Frames.error;
import static org.parley.pcp.broker.V1Frames.frame;
import static org.parley.pcp.broker.V1Frames.message;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.core.CloseReason;
import org.parley.core.RecordingConnection;
import org.parley.pcp.broker.Replies.Unauthorized;
import org.parley.policy.Decision;
import org.parley.session.ClientSession;
import org.parley.session.Protocol;
import org.parley.testing.V1;

/**
 * Sections 1.3, 1.6 and 1.8 as deployed brokers serve them: version 1 to the broker and through.
 */
class Version1Test {
  private static final String ERROR = "http://puppetlabs.com/error_message";
  private static final String PAST = "2001-01-01T00:00:00Z";
  private static final String AGENT_2 = "pcp://client02/agent";
  private static final String AGENT_3 = "pcp://client03/agent";
  private static final String INEXPRESSIBLE =
      "Not delivered, the target's version of PCP cannot carry this message.";
  private static final String MULTIPLE = "Multiple recipients no longer supported.";

  private final BrokerFixture fixture = new BrokerFixture();
  private final ClientSession sender = connect("client01", "agent", Protocol.PCP_V1);
  private final ClientSession receiver = connect("client02", "agent", Protocol.PCP_V1);
  private final ClientSession receiver2 = connect("client03", "agent", Protocol.PCP_V2);

  private ClientSession connect(String commonName, String clientType, Protocol protocol) {
    return fixture.connect(commonName, clientType, protocol, new RecordingConnection());
  }

  private void receive(byte[] frame) {
    fixture.broker.receive(sender, ByteBuffer.wrap(frame));
  }

  /** The message came to one end: nobody but the sender heard of it, and that once. */
  private void assertAnswered(String answer, Outcome outcome) {
    assertThat(peer(sender).sent()).containsExactly(answer);
    assertThat(peer(receiver).sent()).isEmpty();
    assertThat(peer(receiver2).sent()).isEmpty();
    assertThat(fixture.outcomes).containsExactly(outcome);
  }

  private void assertDelivered(ClientSession to, String message) {
    assertThat(peer(to).sent()).containsExactly(message);
    assertThat(peer(sender).sent()).isEmpty();
    assertThat(fixture.outcomes).containsExactly(Outcome.DELIVERED);
    assertThat(fixture.counters.deliveries()).isEqualTo(1);
  }

  static Stream<Arguments> faults() {
    var namespace = "http://puppetlabs.com/";
    return Stream.of(
        argumentSet("nobody", "t", "pcp://x/y", "Not connected.", Outcome.NOT_CONNECTED),
        argumentSet("charset", "a b", AGENT_2, "Message not authorized.", Outcome.NOT_AUTHORIZED),
        argumentSet(
            "policy",
            namespace + "rpc_blocking_request",
            AGENT_2,
            "Message not authorized.",
            Outcome.NOT_AUTHORIZED),
        argumentSet(
            "unknown type",
            namespace + "unknown",
            "pcp:///server",
            "The broker does not support this message type.",
            Outcome.UNKNOWN_TYPE),
        argumentSet(
            "by the broker's name",
            namespace + "unknown",
            "pcp://broker.test/server",
            "The broker does not support this message type.",
            Outcome.UNKNOWN_TYPE),
        argumentSet("R08 wildcard", "t", "pcp://*/agent", MULTIPLE, Outcome.MULTIPLE_RECIPIENTS),
        argumentSet("R08 anyone", "t", "pcp://*/*", MULTIPLE, Outcome.MULTIPLE_RECIPIENTS));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void givenFault_whenReceived_thenOneErrorInTheFormOfVersion1(
      String type, String target, String description, Outcome outcome) {
    receive(message(type, "{}", target));

    assertAnswered(error(description), outcome);
  }

  @Test
  void givenNoTargetOrTwo_whenReceived_thenMultipleRecipients() {
    receive(message("t", "{}"));
    receive(message("t", "{}", AGENT_2, AGENT_3));

    assertThat(peer(sender).sent()).containsExactly(error(MULTIPLE), error(MULTIPLE));
    assertThat(peer(receiver).sent()).isEmpty();
    assertThat(peer(receiver2).sent()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {AGENT_2, "pcp://client01/controller", "pcp:///server", "pcp://*/agent"})
  void givenForeignSender_whenReceived_thenNotAuthenticated(String uri) {
    receive(V1.message(ID, "t", uri, AGENT_2));

    assertAnswered(error("Message not authenticated."), Outcome.NOT_AUTHENTICATED);
  }

  @Test
  void givenSpecFormOfUnauthorized_whenDenied_thenVersion1HasItsErrorMessage() {
    var spec = new BrokerFixture(Unauthorized.SPEC);
    var session = spec.connect("client01", "agent", Protocol.PCP_V1, new RecordingConnection());
    spec.policy = _ -> new Decision.Denied("test");

    spec.broker.receive(session, ByteBuffer.wrap(message("t", "{}", AGENT_2)));

    assertThat(peer(session).sent()).containsExactly(error("Message not authorized."));
  }

  @Test
  void givenFrameThatIsNoMessage_whenReceived_thenAnErrorWithoutIdAndTheSessionGoesOn() {
    receive(new byte[] {2});

    assertAnswered(couldNotDecode(), Outcome.UNDECODABLE);
    assertThat(peer(sender).closedFor()).isEmpty();
    receive(message("t", "{}", AGENT_2));
    assertThat(peer(receiver).sent()).hasSize(1);
  }

  @Test
  void givenR16TruncatedDataChunk_whenReceived_thenNotDeliveredWithoutItsData() {
    var frame = message("t", "[1]", AGENT_2);

    receive(Arrays.copyOf(frame, frame.length - 1));

    assertAnswered(couldNotDecode(), Outcome.UNDECODABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {ERROR, "http://puppetlabs.com/ttl_expired"})
  void givenErrorForTheBrokerOrNobody_whenReceived_thenNeverAnswered(String type) {
    receive(message(type, "{\"description\":\"x\"}", "pcp:///server"));
    receive(message(type, "{\"description\":\"x\"}"));
    receive(message(type, "{\"description\":\"x\"}", "pcp:///server", "pcp://broker.test/server"));

    assertThat(peer(sender).sent()).isEmpty();
    assertThat(fixture.outcomes).hasSize(3).containsOnly(Outcome.IGNORED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{ \"a\" : 1.0 }", "", "null", "not JSON", "{\"a\":1,\"a\":2}"})
  void givenVersion1ToVersion1_whenReceived_thenDeliveredByteForByte(String data) {
    receive(message("t", data, AGENT_2));

    assertDelivered(receiver, V1.latin(message("t", data, AGENT_2)));
  }

  @Test
  void givenR20BinaryData_whenItGoesToVersion1_thenItsBytesAreUntouched() {
    var bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    var frame = frame(envelope("t", AGENT_2), "", V1.chunk(2, bytes));

    receive(frame);

    assertDelivered(receiver, V1.latin(frame));
  }

  @Test
  void givenReplyWithoutData_whenItGoesToVersion1_thenItsFieldsAreKept() {
    var envelope = V1.envelope(ID, "t", SENDER, "2030-01-31T12:00:00.123456+01:00", AGENT_2);
    var frame = frame(envelope, ",\"in-reply-to\":\"" + BrokerFixture.BROKER_ID + "\"");

    receive(frame);

    assertDelivered(receiver, V1.latin(frame));
  }

  @Test
  void givenReportAndDebug_whenNotServed_thenDeliveredWithoutAndNoReport() {
    var report = ",\"destination_report\":true";

    receive(frame(envelope("t", AGENT_2), report, V1.data("1"), V1.debug("{\"hops\":[]}")));

    assertDelivered(receiver, V1.latin(message("t", "1", AGENT_2)));
  }

  @Test
  void givenR17ExpiredMessage_whenNotServed_thenDelivered() {
    var expired = frame(V1.envelope(ID, "t", SENDER, PAST, AGENT_2), "");

    receive(expired);

    assertDelivered(receiver, V1.latin(expired));
  }

  static Stream<Arguments> dataForVersion2() {
    return Stream.of(
        argumentSet("object", V1.data(" {\"a\":1.0} "), ",\"data\":{\"a\":1.0}"),
        argumentSet("null", V1.data("null"), ",\"data\":null"),
        argumentSet("empty chunk", V1.data(""), ""));
  }

  @ParameterizedTest
  @MethodSource("dataForVersion2")
  void givenVersion1ToVersion2_whenReceived_thenDeliveredAsVersion2(byte[] data, String expected) {
    receive(frame(envelope("t", AGENT_3), "", data, V1.debug("")));

    assertDelivered(receiver2, BrokerFixture.message("t", to(AGENT_3) + sentBy(SENDER) + expected));
  }

  @Test
  void givenVersion1ErrorToVersion2_whenReceived_thenAPlainString() {
    receive(message(ERROR, "{\"id\":\"" + ID + "\",\"description\":\"x\"}", AGENT_3));

    assertDelivered(
        receiver2,
        BrokerFixture.message(
            ERROR,
            to(AGENT_3) + sentBy(SENDER) + ",\"in_reply_to\":\"" + ID + "\",\"data\":\"x\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"not JSON", "{}{}", "{\"a\":1,\"a\":2}", " "})
  void givenR20DataThatIsNoJson_whenItGoesToVersion2_thenInexpressible(String data) {
    receive(message("t", data, AGENT_3));

    assertAnswered(error(INEXPRESSIBLE), Outcome.INEXPRESSIBLE);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"`,\"data\":[1.0]`, `[1.0]`", "`,\"data\":null`, `null`"})
  void givenVersion2ToVersion1_whenReceived_thenDeliveredAsVersion1(String rest, String data) {
    fixture.broker.receive(receiver2, BrokerFixture.message("t", to(AGENT_2) + rest));

    assertThat(peer(receiver).sent())
        .containsExactly(V1.latin(frame(envelope2("t"), "", V1.data(data))));
    assertThat(peer(receiver2).sent()).isEmpty();
  }

  @Test
  void givenVersion2ReplyWithoutData_whenItGoesToVersion1_thenNoChunkAndNoReply() {
    fixture.broker.receive(
        receiver2, BrokerFixture.message("t", to(AGENT_2) + ",\"in_reply_to\":\"" + ID + "\""));

    assertThat(peer(receiver).sent()).containsExactly(V1.latin(frame(envelope2("t"), "")));
  }

  @Test
  void givenVersion2ErrorToVersion1_whenReceived_thenIdAndDescription() {
    fixture.broker.receive(
        receiver2,
        BrokerFixture.message(
            ERROR, to(AGENT_2) + ",\"in_reply_to\":\"" + ID + "\",\"data\":\"x\""));

    var data = "{\"id\":\"" + ID + "\",\"description\":\"x\"}";
    assertThat(peer(receiver).sent())
        .containsExactly(V1.latin(frame(envelope2(ERROR), "", V1.data(data))));
  }

  @Test
  void givenVersion2ErrorThatIsNoString_whenItGoesToVersion1_thenInexpressible() {
    fixture.broker.receive(
        receiver2, BrokerFixture.message(ERROR, to(AGENT_2) + ",\"data\":{\"description\":1}"));

    assertThat(peer(receiver2).sent()).containsExactly(BrokerFixture.error(INEXPRESSIBLE));
    assertThat(peer(receiver).sent()).isEmpty();
  }

  /** From the version 2 peer to the version 1 peer. */
  private static String envelope2(String type) {
    return V1.envelope(ID, type, AGENT_3, V1.EPOCH, AGENT_2);
  }

  @Test
  void givenMoreThanAnAgentTakes_whenReceived_thenTooBigInEitherVersion() {
    var text = "\"" + "x".repeat(BrokerFixture.AGENT_BYTES) + "\"";

    receive(message("t", text, AGENT_2));
    receive(message("t", text, AGENT_3));

    var tooBig = error("Not delivered, the target takes no message of this size.");
    assertThat(peer(sender).sent()).containsExactly(tooBig, tooBig);
    assertThat(peer(receiver).sent()).isEmpty();
    assertThat(peer(receiver2).sent()).isEmpty();
    assertThat(fixture.outcomes).containsExactly(Outcome.TOO_BIG, Outcome.TOO_BIG);
  }

  @Test
  void givenWhatAnAgentJustTakes_whenReceived_thenDeliveredAndToOthersMoreToo() {
    var controller = connect("client04", "controller", Protocol.PCP_V1);
    int overhead = message("t", "", AGENT_2).length;

    receive(message("t", "x".repeat(BrokerFixture.AGENT_BYTES - overhead), AGENT_2));
    receive(message("t", "x".repeat(BrokerFixture.AGENT_BYTES + 1), "pcp://client04/controller"));

    assertThat(peer(receiver).sent()).hasSize(1);
    assertThat(peer(controller).sent()).hasSize(1);
    assertThat(peer(sender).sent()).isEmpty();
  }

  @Test
  void givenQueuedMessage_whenItsReceiverIsLost_thenItsSenderIsToldOnceInItsVersion() {
    receive(message("t", "{}", AGENT_2));

    peer(receiver).lose();

    assertThat(peer(sender).sent()).containsExactly(error("Not connected."));
  }

  @Test
  void givenVersion1Session_whenTheSameUriComesWithVersion2_thenSupersededAndTheNewOneIsReached() {
    var newer = connect("client02", "agent", Protocol.PCP_V2);

    receive(message("t", "1", AGENT_2));

    assertThat(peer(receiver).closedFor()).contains(CloseReason.SUPERSEDED);
    assertDelivered(
        newer, BrokerFixture.message("t", to(AGENT_2) + sentBy(SENDER) + ",\"data\":1"));
  }

  @Test
  void givenVersion2Session_whenTheSameUriComesWithVersion1_thenSupersededAndTheNewOneIsReached() {
    var newer = connect("client03", "agent", Protocol.PCP_V1);

    receive(message("t", "1", AGENT_3));

    assertThat(peer(receiver2).closedFor()).contains(CloseReason.SUPERSEDED);
    assertDelivered(newer, V1.latin(message("t", "1", AGENT_3)));
  }
}
