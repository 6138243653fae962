package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.pcp.broker.BrokerFixture.ID;
import static org.parley.pcp.broker.BrokerFixture.peer;
import static org.parley.pcp.broker.BrokerFixture.sentBy;
import static org.parley.pcp.broker.BrokerFixture.to;
import static org.parley.pcp.broker.V1Frames.SENDER;
import static org.parley.pcp.broker.V1Frames.associate;
import static org.parley.pcp.broker.V1Frames.destinationReport;
import static org.parley.pcp.broker.V1Frames.envelope;
import static org.parley.pcp.broker.V1Frames.error;
import static org.parley.pcp.broker.V1Frames.frame;
import static org.parley.pcp.broker.V1Frames.message;
import static org.parley.pcp.broker.V1Frames.ttlExpired;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.core.RecordingConnection;
import org.parley.policy.Action;
import org.parley.policy.Decision;
import org.parley.session.ClientSession;
import org.parley.session.Protocol;
import org.parley.testing.V1;

/** Section 1.3 as it is written: what deployed brokers dropped of version 1. */
class FullV1Test {
  private static final Instant NOW = Instant.parse("2030-01-31T12:00:00Z");
  private static final String REPORT = ",\"destination_report\":true";
  private static final String AGENT_2 = "pcp://client02/agent";
  private static final String AGENT_3 = "pcp://client03/agent";
  private static final String NOBODY = "pcp://nobody/agent";

  private final BrokerFixture fixture = new BrokerFixture(() -> NOW);
  private final ClientSession sender = connect("client01", Protocol.PCP_V1);
  private final ClientSession receiver = connect("client02", Protocol.PCP_V1);
  private final ClientSession receiver2 = connect("client03", Protocol.PCP_V2);

  private ClientSession connect(String commonName, Protocol protocol) {
    return fixture.connect(commonName, "agent", protocol, new RecordingConnection());
  }

  private void receive(byte[] frame) {
    fixture.broker.receive(sender, ByteBuffer.wrap(frame));
  }

  private void deny(String target) {
    fixture.policy =
        action ->
            action instanceof Action.Send send && send.target().equals(target)
                ? new Decision.Denied("test")
                : new Decision.Allowed("test");
  }

  /** What the version 2 receiver hears of a message with data {@code 1}. */
  private static String asVersion2() {
    return BrokerFixture.message("t", to(AGENT_3) + sentBy(SENDER) + ",\"data\":1");
  }

  @ParameterizedTest
  @ValueSource(strings = {AGENT_2, AGENT_3, NOBODY, "pcp:///server", "pcp://*/*"})
  @Tag("2.12-17")
  void givenR17ExpiredMessage_whenReceived_thenTtlExpiredOnceAndNotDelivered(String target) {
    receive(frame(V1.envelope(ID, "t", SENDER, NOW.toString(), target), REPORT));

    assertThat(peer(sender).sent()).containsExactly(ttlExpired());
    assertThat(peer(receiver).sent()).isEmpty();
    assertThat(peer(receiver2).sent()).isEmpty();
    assertThat(fixture.outcomes).containsExactly(Outcome.EXPIRED);
  }

  @Test
  void givenMessageThatJustLives_whenReceived_thenDelivered() {
    var envelope = V1.envelope(ID, "t", SENDER, NOW.plusNanos(1).toString(), AGENT_2);

    receive(frame(envelope, ""));

    assertThat(peer(receiver).sent()).containsExactly(V1.latin(frame(envelope, "")));
    assertThat(peer(sender).sent()).isEmpty();
  }

  @Test
  void givenExpiredAssociationRequest_whenReceived_thenTtlExpired() {
    receive(associate(SENDER, "2001-01-01T00:00:00Z"));

    assertThat(peer(sender).sent()).containsExactly(ttlExpired());
    assertThat(peer(sender).closedFor()).isEmpty();
  }

  @Test
  void givenExpiredMessageThatIsDenied_whenReceived_thenOnlyNotAuthorized() {
    fixture.policy = _ -> new Decision.Denied("test");

    receive(frame(V1.envelope(ID, "t", SENDER, "2001-01-01T00:00:00Z", AGENT_2), ""));

    assertThat(peer(sender).sent()).containsExactly(error("Message not authorized."));
  }

  @Test
  void givenWildcard_whenReceived_thenOneCopyForEachInItsVersion() {
    receive(message("t", "1", "pcp://*/agent", "pcp://*/*", AGENT_2, AGENT_2));

    var relayed = V1.latin(message("t", "1", "pcp://*/agent", "pcp://*/*", AGENT_2, AGENT_2));
    assertThat(peer(receiver).sent()).containsExactly(relayed);
    assertThat(peer(receiver2).sent()).containsExactly(asVersion2());
    assertThat(peer(sender).sent()).containsExactly(relayed);
    assertThat(fixture.outcomes).containsExactly(Outcome.DELIVERED);
  }

  @Test
  void givenReceiverThatThePolicyForbids_whenAWildcardCoversIt_thenTheOthersGetTheirs() {
    deny(AGENT_2);

    receive(frame(envelope("t", "pcp://*/agent"), REPORT, V1.data("1")));

    assertThat(peer(receiver).sent()).isEmpty();
    assertThat(peer(receiver2).sent()).containsExactly(asVersion2());
    assertThat(peer(sender).sent())
        .startsWith(destinationReport("\"" + SENDER + "\",\"" + AGENT_3 + "\""))
        .hasSize(2);
  }

  @Test
  void givenOneOfSeveralTargetsThatThePolicyForbids_whenReceived_thenNobodyGetsIt() {
    deny(AGENT_2);

    receive(message("t", "1", AGENT_2, AGENT_3));

    assertThat(peer(sender).sent()).containsExactly(error("Message not authorized."));
    assertThat(peer(receiver2).sent()).isEmpty();
  }

  @Test
  void givenWildcardThatThePolicyForbids_whenReceived_thenNobodyGetsIt() {
    deny("pcp://*/agent");

    receive(message("t", "1", "pcp://*/agent"));

    assertThat(peer(sender).sent()).containsExactly(error("Message not authorized."));
    assertThat(peer(receiver).sent()).isEmpty();
  }

  @Test
  void givenSeveralTargets_whenSomeAreNotConnected_thenNobodyIsTold() {
    receive(message("t", "1", NOBODY, AGENT_3, "pcp://client*/agent"));

    assertThat(peer(receiver2).sent()).containsExactly(asVersion2());
    assertThat(peer(sender).sent()).isEmpty();
    assertThat(fixture.outcomes).containsExactly(Outcome.DELIVERED);
  }

  @Test
  void givenTargetsThatAreNobody_whenReceived_thenNoError() {
    receive(message("t", "1", NOBODY, "pcp://nobody2/agent"));
    receive(message("t", "1", "pcp://*/nothing"));

    assertThat(peer(sender).sent()).isEmpty();
  }

  @Test
  void givenCopyThatWasQueued_whenItsReceiverIsLost_thenNobodyIsTold() {
    receive(message("t", "1", AGENT_2, AGENT_3));

    peer(receiver).lose();

    assertThat(peer(sender).sent()).isEmpty();
  }

  @Test
  void givenOneTarget_whenItIsNotConnected_thenNotConnected() {
    receive(message("t", "1", NOBODY));

    assertThat(peer(sender).sent()).containsExactly(error("Not connected."));
  }

  @Test
  void givenNoTarget_whenReceived_thenMultipleRecipients() {
    receive(message("t", "1"));

    assertThat(peer(sender).sent())
        .containsExactly(error("Multiple recipients no longer supported."));
  }

  @Test
  void givenWildcardOfVersion2_whenReceived_thenMultipleRecipients() {
    fixture.broker.receive(receiver2, BrokerFixture.message("t", to("pcp://*/agent")));

    assertThat(peer(receiver2).sent())
        .containsExactly(BrokerFixture.error("Multiple recipients no longer supported."));
    assertThat(peer(receiver).sent()).isEmpty();
  }

  @Test
  void givenReceiversThatCannotTakeIt_whenReceived_thenTheOthersGetItAndOneErrorComesBack() {
    var receiver4 = connect("client04", Protocol.PCP_V2);

    receive(message("t", "not JSON", AGENT_3, AGENT_2, "pcp://client04/agent"));

    assertThat(peer(receiver).sent()).hasSize(1);
    assertThat(peer(receiver2).sent()).isEmpty();
    assertThat(peer(receiver4).sent()).isEmpty();
    assertThat(peer(sender).sent())
        .containsExactly(
            error("Not delivered, the target's version of PCP cannot carry this message."));
    assertThat(fixture.outcomes).containsExactly(Outcome.INEXPRESSIBLE);
  }

  @Test
  void givenReceiverWithoutRoom_whenAWildcardCoversIt_thenOneErrorAndTheOthersGetTheirs() {
    peer(receiver).room(0);

    receive(message("t", "1", AGENT_2, AGENT_3));

    assertThat(peer(receiver2).sent()).containsExactly(asVersion2());
    assertThat(peer(sender).sent())
        .containsExactly(error("Not delivered, the target's queue is full."));
  }

  @Test
  void givenTheBrokerAmongSeveral_whenReceived_thenOnlyTheClientsGetIt() {
    receive(message("t", "1", "pcp:///server", AGENT_3));

    assertThat(peer(receiver2).sent()).containsExactly(asVersion2());
    assertThat(peer(sender).sent()).isEmpty();
  }

  @Test
  void givenReportWanted_whenReceived_thenItComesBeforeTheDeliveryAndIsExpanded() {
    fixture.policy = _ -> new Decision.Allowed("test");
    var frame = frame(envelope("t", NOBODY, "pcp://client01/*"), REPORT, V1.data("1"));

    receive(frame);

    assertThat(peer(sender).sent())
        .containsExactly(
            destinationReport("\"" + NOBODY + "\",\"" + SENDER + "\""), V1.latin(frame));
  }

  @Test
  void givenReportOnWildcardByOneWhoMayNotSeeTheInventory_whenReceived_thenNotAuthorized() {
    receive(frame(envelope("t", "pcp://*/*"), REPORT, V1.data("1")));

    assertThat(peer(sender).sent()).containsExactly(error("Message not authorized."));
    assertThat(peer(receiver).sent()).isEmpty();
    assertThat(fixture.outcomes).containsExactly(Outcome.NOT_AUTHORIZED);
  }

  @Test
  void givenMostDebugChunks_whenRelayed_thenAsManyAndNoneOfOurs() {
    var debug = IntStream.range(0, 64).mapToObj(i -> V1.debug("d")).toArray(byte[][]::new);
    var chunks = new byte[65][];
    chunks[0] = V1.envelope(envelope("t", AGENT_2));
    System.arraycopy(debug, 0, chunks, 1, 64);

    receive(V1.frame(chunks));

    assertThat(peer(receiver).sent()).containsExactly(V1.latin(V1.frame(chunks)));
  }

  @Test
  void givenReportWantedForOne_whenReceived_thenItNamesTheOne() {
    receive(frame(envelope("t", AGENT_3), REPORT, V1.data("1")));

    assertThat(peer(sender).sent()).containsExactly(destinationReport("\"" + AGENT_3 + "\""));
    assertThat(peer(receiver2).sent()).containsExactly(asVersion2());
  }

  @Test
  void givenReportWantedOfTheBroker_whenReceived_thenNone() {
    var admin = fixture.connect("admin", "controller", Protocol.PCP_V1, new RecordingConnection());
    var envelope =
        V1.envelope(
            ID,
            "http://puppetlabs.com/inventory_request",
            "pcp://admin/controller",
            V1.NEVER,
            "pcp:///server");

    fixture.broker.receive(
        admin, ByteBuffer.wrap(frame(envelope, REPORT, V1.data("{\"query\":[]}"))));
    receive(frame(envelope("t", "pcp://broker.test/server"), REPORT));

    assertThat(peer(admin).sent()).containsExactly(V1Frames.inventoryResponse(admin, ""));
    assertThat(peer(sender).sent())
        .containsExactly(error("The broker does not support this message type."));
  }

  @Test
  void givenReportWanted_whenRefused_thenOnlyTheError() {
    receive(frame(envelope("a b", AGENT_2), REPORT));

    assertThat(peer(sender).sent()).containsExactly(error("Message not authorized."));
  }

  @Test
  void givenDebugChunks_whenRelayed_thenKeptAndOneHopOfOursAppended() {
    receive(frame(envelope("t", AGENT_2), "", V1.debug("any"), V1.data("1"), V1.debug("")));

    var hop =
        "{\"hops\":[{\"server\":\"pcp://broker.test/server\",\"time\":\"2030-01-31T12:00:00Z\","
            + "\"stage\":\"relay\"}]}";
    assertThat(peer(receiver).sent())
        .containsExactly(
            V1.latin(
                frame(
                    envelope("t", AGENT_2),
                    "",
                    V1.data("1"),
                    V1.debug("any"),
                    V1.debug(""),
                    V1.debug(hop))));
  }

  @Test
  void givenNoDebugChunk_whenRelayed_thenNoneIsAdded() {
    receive(message("t", "1", AGENT_2));

    assertThat(peer(receiver).sent()).containsExactly(V1.latin(message("t", "1", AGENT_2)));
  }

  @Test
  void givenMessageOfVersion2_whenVersion1IsServedWhole_thenItNeitherExpiresNorIsReported() {
    fixture.broker.receive(receiver2, BrokerFixture.message("t", to(AGENT_2)));

    assertThat(peer(receiver).sent())
        .containsExactly(V1.latin(frame(V1.envelope(ID, "t", AGENT_3, V1.EPOCH, AGENT_2), "")));
    assertThat(peer(receiver2).sent()).isEmpty();
  }
}
