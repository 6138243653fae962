package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.parley.pcp.broker.BrokerFixture.ID;
import static org.parley.pcp.broker.BrokerFixture.associateResponse;
import static org.parley.pcp.broker.BrokerFixture.error;
import static org.parley.pcp.broker.BrokerFixture.message;
import static org.parley.pcp.broker.BrokerFixture.peer;
import static org.parley.pcp.broker.BrokerFixture.query;
import static org.parley.pcp.broker.BrokerFixture.sentBy;
import static org.parley.pcp.broker.BrokerFixture.to;

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
import org.parley.policy.Action;
import org.parley.policy.Decision;
import org.parley.policy.Subject;
import org.parley.session.ClientSession;

class RouterTest {
  private static final String ASSOCIATE = "http://puppetlabs.com/associate_request";
  private static final String ERROR = "http://puppetlabs.com/error_message";
  private static final String AGENT_2 = "pcp://client02/agent";

  private final BrokerFixture fixture = new BrokerFixture();
  private final ClientSession sender = fixture.connect("client01", "agent");
  private final ClientSession receiver = fixture.connect("client02", "agent");

  private void receive(String text) {
    fixture.broker.receive(sender, text);
  }

  private void denyAll() {
    fixture.policy = _ -> new Decision.Denied("test");
  }

  @Test
  void givenMessageForAnother_whenReceived_thenDeliveredOnceAndNotAnswered() {
    receive(message("ping", to(AGENT_2) + sentBy("pcp://client01/agent") + ",\"data\":[1.0]"));

    assertThat(peer(receiver).sent())
        .containsExactly(
            message("ping", to(AGENT_2) + sentBy("pcp://client01/agent") + ",\"data\":[1.0]"));
    assertThat(peer(sender).sent()).isEmpty();
    assertThat(fixture.counters.deliveries()).isEqualTo(1);
  }

  @Test
  void givenR07MessageWithoutSender_whenReceived_thenTheSessionsUriIsFilledIn() {
    receive(message("ping", to(AGENT_2)));

    assertThat(peer(receiver).sent())
        .containsExactly(message("ping", to(AGENT_2) + sentBy("pcp://client01/agent")));
  }

  @Test
  void givenReplyWithNullData_whenDelivered_thenBothAreKept() {
    var rest = ",\"in_reply_to\":\"22222222-2222-4222-8222-222222222222\",\"data\":null";

    receive(message("pong", to(AGENT_2) + rest));

    assertThat(peer(receiver).sent())
        .containsExactly(message("pong", to(AGENT_2) + sentBy("pcp://client01/agent") + rest));
  }

  @Test
  void givenR22MessageToItself_whenReceived_thenDelivered() {
    receive(message("ping", to("pcp://client01/agent")));

    assertThat(peer(sender).sent())
        .containsExactly(
            message("ping", to("pcp://client01/agent") + sentBy("pcp://client01/agent")));
  }

  @ParameterizedTest
  @CsvSource({
    "R05 another client, pcp://client02/agent",
    "R06 another client_type, pcp://client01/controller",
    "another case, pcp://Client01/agent",
    "the broker, pcp:///server",
    "a wildcard, pcp://*/agent"
  })
  void givenForeignSender_whenReceived_thenNotAuthenticatedAndNotDelivered(
      String name, String uri) {
    receive(message("ping", to(AGENT_2) + sentBy(uri)));

    assertThat(peer(sender).sent()).as(name).containsExactly(error("Message not authenticated."));
    assertThat(peer(receiver).sent()).isEmpty();
    assertThat(fixture.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pcp://*/agent", "pcp://client02/*", "pcp://*/*"})
  void givenR08WildcardTarget_whenReceived_thenMultipleRecipients(String target) {
    receive(message("ping", to(target)));

    assertThat(peer(sender).sent())
        .containsExactly(error("Multiple recipients no longer supported."));
    assertThat(peer(receiver).sent()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pcp://client03/agent",
        "pcp://client02/Agent",
        "pcp://client*/agent",
        "pcp://broker.test/agent",
        "pcp://other.test/server"
      })
  void givenR09TargetThatIsNotConnected_whenReceived_thenNotConnected(String target) {
    receive(message("ping", to(target)));

    assertThat(peer(sender).sent()).containsExactly(error("Not connected."));
  }

  @Test
  void givenTargetThatIsClosing_whenReceived_thenNotConnected() {
    peer(receiver).close(CloseReason.IDLE);

    receive(message("ping", to(AGENT_2)));

    assertThat(peer(sender).sent()).containsExactly(error("Not connected."));
  }

  @Test
  void givenTargetWithoutRoom_whenReceived_thenTheSenderIsToldAndTheTargetLeftAlone() {
    peer(receiver).room(0);

    receive(message("ping", to(AGENT_2)));

    assertThat(peer(sender).sent())
        .containsExactly(error("Not delivered, the target's queue is full."));
    assertThat(peer(receiver).closedFor()).isEmpty();
    assertThat(fixture.counters.deliveries()).isZero();
  }

  @Test
  void givenSenderWithoutRoomForItsAnswer_whenReceived_thenItIsClosedAsTooSlow() {
    peer(sender).room(0);

    receive(message("ping", to("pcp://client03/agent")));

    assertThat(peer(sender).closedFor()).contains(CloseReason.TOO_SLOW);
    assertThat(fixture.counters.unanswerables()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\\r\\nb", "a\\\"b", "ä", "a*", "a\\u0000", "a%20", "a;b"})
  void givenR13MessageTypeOutsideTheCharset_whenReceived_thenNotAuthorizedByNoPolicy(String type) {
    receive(message(type, to(AGENT_2)));

    assertThat(peer(sender).sent()).containsExactly(error("Message not authorized."));
    assertThat(peer(receiver).sent()).isEmpty();
    assertThat(fixture.asked).isEmpty();
  }

  @Test
  void givenEmptyMessageType_whenReceived_thenDelivered() {
    receive(message("", to(AGENT_2)));

    assertThat(peer(receiver).sent()).hasSize(1);
  }

  @Test
  void givenTargetOutsideTheCharset_whenReceived_thenNotAuthorized() {
    receive(message("ping", to("pcp://client 02/agent")));

    assertThat(peer(sender).sent()).containsExactly(error("Message not authorized."));
  }

  @Test
  void givenDeniedMessage_whenReceived_thenNotAuthorized() {
    denyAll();

    receive(message("ping", to(AGENT_2)));

    assertThat(peer(sender).sent()).containsExactly(error("Message not authorized."));
    assertThat(peer(receiver).sent()).isEmpty();
    assertThat(fixture.counters.errors()).containsEntry("Message not authorized.", 1L);
  }

  @Test
  void givenSpecForm_whenAMessageIsDenied_thenUnauthorizedWithoutData() {
    var spec = new BrokerFixture(Unauthorized.SPEC);
    var session = spec.connect("client01", "agent");
    spec.policy = _ -> new Decision.Denied("test");

    spec.broker.receive(session, message("ping", to(AGENT_2)));

    assertThat(peer(session).sent())
        .containsExactly(
            "{\"id\":\""
                + BrokerFixture.BROKER_ID
                + "\",\"message_type\":\"http://puppetlabs.com/unauthorized\",\"in_reply_to\":\""
                + ID
                + "\"}");
  }

  @Test
  void givenMessage_whenThePolicyIsAsked_thenOfTheProvenPeerAndTheTextOfTheTarget() {
    receive(message("ping", to(AGENT_2)));

    assertThat(fixture.asked).containsExactly(new Action.Send(subject(), AGENT_2, "ping"));
  }

  private Subject subject() {
    return Subject.pcp(sender.principal(), "pcp-v2", "agent", "192.0.2.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "pcp:///server", "pcp://broker.test/server"})
  void givenInventoryRequest_whenThePolicyIsAsked_thenAsAQuery(String target) {
    receive(message("http://puppetlabs.com/inventory_request", target.isEmpty() ? "" : to(target)));

    assertThat(fixture.asked).containsExactly(new Action.QueryInventory(subject()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "pcp:///server", "pcp://broker.test/server"})
  void givenAssociateRequest_whenThePolicyIsAsked_thenAsAnAssociation(String target) {
    receive(message(ASSOCIATE, target.isEmpty() ? "" : to(target)));

    assertThat(fixture.asked).containsExactly(new Action.Associate(subject()));
  }

  @ParameterizedTest
  @ValueSource(strings = {ASSOCIATE, "http://puppetlabs.com/inventory_request"})
  void givenRequestOfTheBrokerSentToAnother_whenThePolicyIsAsked_thenAsAMessage(String type) {
    receive(message(type, to(AGENT_2)));

    assertThat(fixture.asked).containsExactly(new Action.Send(subject(), AGENT_2, type));
  }

  @Test
  void givenR10InventoryRequestOfAnAgent_whenReceived_thenNotAuthorized() {
    receive(query(false, "pcp://*/*"));

    assertThat(peer(sender).sent()).containsExactly(error("Message not authorized."));
  }

  static Stream<Arguments> orders() {
    var foreign = sentBy(AGENT_2);
    return Stream.of(
        argumentSet("sender before charset", "a b", foreign, "Message not authenticated."),
        argumentSet(
            "sender before wildcard", "a", foreign + to("pcp://*/*"), "Message not authenticated."),
        argumentSet("charset before wildcard", "a b", to("pcp://*/*"), "Message not authorized."),
        argumentSet("policy before wildcard", "a", to("pcp://*/*"), "Message not authorized."),
        argumentSet("policy before target", "a", to("pcp://x/y"), "Message not authorized."),
        argumentSet("policy before the broker", "a", "", "Message not authorized."));
  }

  @ParameterizedTest
  @MethodSource("orders")
  void givenSeveralFaults_whenReceived_thenTheFirstCheckAnswersOnce(
      String type, String rest, String expected) {
    denyAll();

    receive(message(type, rest));

    assertThat(peer(sender).sent()).containsExactly(error(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "pcp:///server", "pcp://broker.test/server"})
  void givenR21UnknownTypeForTheBroker_whenReceived_thenAnError(String target) {
    receive(message("http://puppetlabs.com/version_request", target.isEmpty() ? "" : to(target)));

    assertThat(peer(sender).sent())
        .containsExactly(error("The broker does not support this message type."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "pcp:///server", "pcp://broker.test/server"})
  void givenAssociationRequest_whenReceived_thenYesHoweverOften(String target) {
    for (int i = 0; i < 2; i++) {
      receive(message(ASSOCIATE, target.isEmpty() ? "" : to(target)));
    }

    assertThat(peer(sender).sent())
        .containsExactly(
            associateResponse(sender, "\"success\":true"),
            associateResponse(sender, "\"success\":true"));
    assertThat(peer(sender).closedFor()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "pcp://client02/agent, Message not authenticated.",
    "pcp://client01/other, Session already associated."
  })
  void givenR23AssociationRequestOfAnotherUri_whenReceived_thenNoAndClosed(
      String uri, String reason) {
    receive(message(ASSOCIATE, sentBy(uri) + to("pcp:///server")));

    assertThat(peer(sender).sent())
        .containsExactly(
            associateResponse(sender, "\"success\":false,\"reason\":\"" + reason + "\""));
    assertThat(peer(sender).closedFor()).contains(CloseReason.ASSOCIATION_UNSUCCESSFUL);
  }

  @Test
  void givenDeniedAssociationRequest_whenReceived_thenNoAndClosed() {
    denyAll();

    receive(message(ASSOCIATE, to("pcp:///server")));

    assertThat(peer(sender).sent())
        .containsExactly(
            associateResponse(sender, "\"success\":false,\"reason\":\"Message not authorized.\""));
    assertThat(peer(sender).closedFor()).contains(CloseReason.ASSOCIATION_UNSUCCESSFUL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ERROR,
        "http://puppetlabs.com/unauthorized",
        "http://puppetlabs.com/version_error",
        "http://puppetlabs.com/ttl_expired"
      })
  void givenPeerThatAnswersErrorsByErrors_whenItDoes_thenTheBrokerIsSilent(String type) {
    denyAll();

    receive(message(type, ""));
    receive(message(type, sentBy(AGENT_2)));
    receive(message(type, to("pcp://broker.test/server")));

    assertThat(peer(sender).sent()).isEmpty();
  }

  @Test
  void givenErrorForAnotherClient_whenReceived_thenDelivered() {
    receive(message(ERROR, to(AGENT_2)));

    assertThat(peer(receiver).sent()).hasSize(1);
  }

  @Test
  void givenSlowReceiver_whenManySend_thenOnlyWhatFindsRoomIsDelivered() {
    var slow = new RecordingConnection();
    slow.room(2);
    fixture.connect("slow", "agent", slow);

    for (int i = 0; i < 5; i++) {
      receive(message("ping", to("pcp://slow/agent")));
    }

    assertThat(slow.sent()).hasSize(2);
    assertThat(peer(sender).sent()).hasSize(3);
    assertThat(fixture.counters.deliveries()).isEqualTo(2);
  }
}
