package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.pcp.broker.BrokerFixture.peer;
import static org.parley.pcp.broker.V1Frames.SENDER;
import static org.parley.pcp.broker.V1Frames.associate;
import static org.parley.pcp.broker.V1Frames.associateResponse;
import static org.parley.pcp.broker.V1Frames.envelope;
import static org.parley.pcp.broker.V1Frames.frame;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.core.CloseReason;
import org.parley.core.RecordingConnection;
import org.parley.policy.Decision;
import org.parley.session.ClientSession;
import org.parley.session.Protocol;
import org.parley.testing.V1;

/** Section 1.2: association requests of version 1. */
class Version1AssociationTest {
  private static final String ASSOCIATE = "http://puppetlabs.com/associate_request";
  private static final String PAST = "2001-01-01T00:00:00Z";
  private static final String AGENT_2 = "pcp://client02/agent";

  private final BrokerFixture fixture = new BrokerFixture();
  private final ClientSession sender = connect("client01");
  private final ClientSession receiver = connect("client02");

  private ClientSession connect(String commonName) {
    return fixture.connect(commonName, "agent", Protocol.PCP_V1, new RecordingConnection());
  }

  private void receive(byte[] frame) {
    fixture.broker.receive(sender, ByteBuffer.wrap(frame));
  }

  private void assertAnswered(String answer, Outcome outcome) {
    assertThat(peer(sender).sent()).containsExactly(answer);
    assertThat(peer(receiver).sent()).isEmpty();
    assertThat(fixture.outcomes).containsExactly(outcome);
  }

  @ParameterizedTest
  @ValueSource(strings = {V1.NEVER, PAST})
  void givenAssociationRequest_whenReceived_thenYesHoweverOftenAndHoweverLate(String expires) {
    receive(associate(SENDER, expires));
    receive(associate(SENDER, expires));

    assertThat(peer(sender).sent())
        .containsExactly(
            associateResponse("\"success\":true"), associateResponse("\"success\":true"));
    assertThat(peer(sender).closedFor()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "pcp://client02/agent, Message not authenticated.",
    "pcp://client01/other, Session already associated."
  })
  void givenR23AssociationRequestOfAnotherUri_whenReceived_thenNoAndClosed(
      String uri, String reason) {
    receive(associate(uri, V1.NEVER));

    assertAnswered(
        associateResponse("\"success\":false,\"reason\":\"" + reason + "\""),
        Outcome.NOT_AUTHENTICATED);
    assertThat(peer(sender).closedFor()).contains(CloseReason.ASSOCIATION_UNSUCCESSFUL);
  }

  @Test
  void givenDeniedAssociationRequest_whenReceived_thenNoAndClosed() {
    fixture.policy = _ -> new Decision.Denied("test");

    receive(associate(SENDER, V1.NEVER));

    assertAnswered(
        associateResponse("\"success\":false,\"reason\":\"Message not authorized.\""),
        Outcome.NOT_AUTHORIZED);
    assertThat(peer(sender).closedFor()).contains(CloseReason.ASSOCIATION_UNSUCCESSFUL);
  }

  @Test
  void givenAssociationRequestForAClient_whenReceived_thenItIsAMessageLikeAnother() {
    receive(frame(envelope(ASSOCIATE, AGENT_2), ""));

    assertThat(peer(receiver).sent())
        .containsExactly(V1.latin(frame(envelope(ASSOCIATE, AGENT_2), "")));
    assertThat(peer(sender).sent()).isEmpty();
    assertThat(fixture.outcomes).containsExactly(Outcome.DELIVERED);
  }
}
