package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.pcp.broker.BrokerFixture.ID;
import static org.parley.pcp.broker.BrokerFixture.couldNotDecode;
import static org.parley.pcp.broker.BrokerFixture.error;
import static org.parley.pcp.broker.BrokerFixture.message;
import static org.parley.pcp.broker.BrokerFixture.peer;
import static org.parley.pcp.broker.BrokerFixture.query;
import static org.parley.pcp.broker.BrokerFixture.response;
import static org.parley.pcp.broker.BrokerFixture.sentBy;
import static org.parley.pcp.broker.BrokerFixture.to;
import static org.parley.pcp.broker.BrokerFixture.update;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.core.CloseReason;
import org.parley.policy.Decision;
import org.parley.session.ClientSession;

class ControllersTest {
  private static final String REQUEST = "http://puppetlabs.com/rpc_blocking_request";
  private static final String RESPONSE = "http://puppetlabs.com/rpc_blocking_response";
  private static final String ASSOCIATE = "http://puppetlabs.com/associate_request";
  private static final String AUTHORITY = "orch.example.com:8143";
  private static final String URI = "pcp://orch.example.com:8143/server";

  private final BrokerFixture fixture = new BrokerFixture();
  private final ClientSession agent = fixture.connect("client01", "agent");
  private final ClientSession controller = fixture.dialled(AUTHORITY);

  private void receive(String text) {
    fixture.controllers.receive(controller, text);
  }

  private void expectAnswer(String text) {
    assertThat(peer(controller).take()).containsExactly(text);
    assertThat(peer(controller).closedFor()).isEmpty();
    assertThat(peer(agent).sent()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pcp://client01/agent",
        "pcp://orch.example.com/server",
        "pcp:///server",
        "pcp://x/y"
      })
  void givenForgedSender_whenControllerSends_thenNotAuthenticated(String sender) {
    receive(message(REQUEST, to("pcp://client01/agent") + sentBy(sender)));

    expectAnswer(error("Message not authenticated."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://puppetlabs.com/rpc_non_blocking_request",
        "http://puppetlabs.com/rpc_blocking_request ",
        "rpc_blocking_request",
        ""
      })
  void givenTypeOffTheList_whenControllerSends_thenNotAuthorized(String type) {
    receive(message(type, to("pcp://client01/agent")));

    expectAnswer(error("Message not authorized."));
  }

  @Test
  void givenAssociateRequest_whenControllerSends_thenAnErrorAndTheLinkStays() {
    receive(message(ASSOCIATE, to("pcp:///server")));
    expectAnswer(error("Message not authorized."));

    receive(message(ASSOCIATE, to("pcp:///server") + sentBy("pcp://" + AUTHORITY + "/agent")));
    expectAnswer(error("Message not authenticated."));
    assertThat(fixture.sessions.isCurrent(controller)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pcp://*/agent", "pcp://client01/*", "pcp://*/*"})
  @Tag("2.12-07")
  void givenWildcard_whenControllerSends_thenErrorAndTheLinkStays(String target) {
    receive(message(REQUEST, to(target)));

    expectAnswer(error("Multiple recipients no longer supported."));
    assertThat(fixture.sessions.isCurrent(controller)).isTrue();
  }

  @Test
  void givenNoMessage_whenControllerSends_thenCouldNotDecode() {
    receive("{");
    expectAnswer(couldNotDecode());

    fixture.controllers.receive(controller, ByteBuffer.allocate(0));
    expectAnswer(couldNotDecode());
  }

  @Test
  void givenUnknownTarget_whenControllerSends_thenNotConnected() {
    receive(message(REQUEST, to("pcp://client02/agent")));

    expectAnswer(error("Not connected."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"sender\":\"pcp://orch.example.com:8143/server\""})
  void givenRequest_whenControllerSends_thenDeliveredWithItsUri(String sender) {
    fixture.policy = _ -> new Decision.Denied("everything");

    receive(message(REQUEST, to("pcp://client01/agent") + sender));

    assertThat(peer(agent).sent())
        .singleElement()
        .asString()
        .contains("\"sender\":\"" + URI + "\"", ID);
    assertThat(peer(controller).sent()).isEmpty();
  }

  @Test
  void givenReply_whenAgentSendsToTheController_thenDelivered() {
    fixture.broker.receive(agent, message(RESPONSE, to(URI)));

    assertThat(peer(controller).sent())
        .singleElement()
        .asString()
        .contains("\"sender\":\"pcp://client01/agent\"", "\"target\":\"" + URI + "\"");
  }

  @Test
  void givenLostController_whenAgentSends_thenNotConnected() {
    fixture.controllers.disconnected(controller);

    fixture.broker.receive(agent, message(RESPONSE, to(URI)));

    assertThat(peer(agent).sent()).containsExactly(error("Not connected."));
  }

  @Test
  void givenController_whenInventoryIsAsked_thenClientsOnly() {
    receive(query(false, "pcp://*/*"));

    assertThat(peer(controller).sent())
        .containsExactly(response(controller, "\"pcp://client01/agent\""));
  }

  @Test
  void givenSubscription_whenControllerIsLost_thenItIsLostToo() {
    receive(query(true, "pcp://*/*"));
    fixture.connect("client02", "agent");
    fixture.inventory.sendUpdates();
    assertThat(peer(controller).take())
        .containsExactly(
            response(controller, "\"pcp://client01/agent\""),
            update(controller, "+pcp://client02/agent"));

    fixture.controllers.disconnected(controller);
    var again = fixture.dialled(AUTHORITY);
    fixture.connect("client03", "agent");
    fixture.inventory.sendUpdates();

    assertThat(fixture.inventory.subscriptions()).isZero();
    assertThat(peer(controller).sent()).isEmpty();
    assertThat(peer(again).sent()).isEmpty();
  }

  @Test
  void givenNewLink_whenTheOldOneStillSends_thenNotHeardAndClosed() {
    receive(query(true, "pcp://*/*"));
    peer(controller).take();
    var again = fixture.dialled(AUTHORITY);

    receive(message(REQUEST, to("pcp://client01/agent")));
    fixture.controllers.disconnected(controller);

    assertThat(peer(agent).sent()).isEmpty();
    assertThat(peer(controller).closedFor()).contains(CloseReason.SUPERSEDED);
    assertThat(fixture.inventory.subscriptions()).isZero();
    assertThat(fixture.sessions.find(again.uri())).containsSame(again);
    assertThat(fixture.sessions.controllers()).containsExactly(again);
    assertThat(fixture.availability.admits()).isTrue();
  }

  @Test
  void givenClosedLink_whenItStillSends_thenNotHeard() {
    controller.connection().close(CloseReason.STOPPING);

    receive(message(REQUEST, to("pcp://client01/agent")));
    fixture.controllers.receive(controller, ByteBuffer.allocate(0));

    assertThat(peer(agent).sent()).isEmpty();
    assertThat(fixture.outcomes).isEmpty();
  }

  private void sweepAfterNanos(long nanos) {
    fixture.nanos.addAndGet(nanos);
    fixture.controllers.closeForsaken(fixture.registry, fixture.broker);
  }

  @Test
  void givenLastControllerLost_whenTheGracePasses_thenClientsAreClosed() {
    var other = fixture.dialled("orch2.example.com");
    fixture.controllers.disconnected(controller);
    sweepAfterNanos(BrokerFixture.GRACE.toNanos());
    assertThat(peer(agent).closedFor()).isEmpty();

    fixture.controllers.disconnected(other);
    sweepAfterNanos(BrokerFixture.GRACE.toNanos() - 1);
    assertThat(peer(agent).closedFor()).isEmpty();

    sweepAfterNanos(1);
    assertThat(peer(agent).closedFor())
        .contains(new CloseReason(1011, "All controllers disconnected."));
    assertThat(fixture.registry.size()).isZero();
    sweepAfterNanos(1);
  }

  @Test
  void givenReturnWithinTheGrace_whenItWouldHavePassed_thenNobodyIsClosed() {
    fixture.controllers.disconnected(controller);
    sweepAfterNanos(BrokerFixture.GRACE.toNanos() - 1);
    fixture.dialled(AUTHORITY);

    sweepAfterNanos(BrokerFixture.GRACE.toNanos());

    assertThat(peer(agent).closedFor()).isEmpty();
  }
}
