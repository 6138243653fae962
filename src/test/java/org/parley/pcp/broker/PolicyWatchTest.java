package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.pcp.broker.BrokerFixture.peer;
import static org.parley.pcp.broker.BrokerFixture.query;

import java.util.ArrayList;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.parley.core.CloseReason;
import org.parley.core.RecordingConnection;
import org.parley.policy.Action;
import org.parley.policy.Decision.Allowed;
import org.parley.policy.Decision.Denied;
import org.parley.policy.Policy;
import org.parley.session.ClientSession;
import org.parley.session.Protocol;

class PolicyWatchTest {
  /** Kept here, since the level of a logger that nobody holds is forgotten. */
  private static final Logger QUIET = Logger.getLogger(PcpBroker.class.getName());

  private static final Policy EVERYTHING = _ -> new Allowed("test");
  private static final CloseReason GONE = new CloseReason(1008, "Not allowed any more.");

  private final BrokerFixture fixture = new BrokerFixture();
  private final PolicyWatch watch =
      new PolicyWatch(fixture.registry, fixture.inventory, fixture.broker, 3);

  @AfterEach
  void speak() {
    QUIET.setLevel(null);
  }

  private static Policy denying(Class<? extends Action> kind, String commonName) {
    return action ->
        kind.isInstance(action) && action.subject().commonName().equals(Optional.of(commonName))
            ? new Denied("test")
            : new Allowed("test");
  }

  @Test
  void givenNoChange_whenChecked_thenNobodyIsAskedAbout() {
    var session = fixture.connect("client01", "agent");
    fixture.policy = _ -> new Denied("test");

    watch.check(false);

    assertThat(peer(session).closedFor()).isEmpty();
  }

  @Test
  void givenSessionThatMayNoLongerAssociate_whenThePolicyChanges_thenItAloneEnds() {
    var victim = fixture.connect("client01", "agent");
    var bystander = fixture.connect("client02", "agent");
    fixture.policy = denying(Action.Associate.class, "client01");

    watch.check(true);

    assertThat(peer(victim).closedFor()).contains(GONE);
    assertThat(fixture.registry.isCurrent(victim)).isFalse();
    assertThat(peer(bystander).closedFor()).isEmpty();
    assertThat(fixture.registry.sessions()).containsExactly(bystander);
  }

  @Test
  void givenSubscriberThatMayNoLongerAsk_whenThePolicyChanges_thenItEnds() {
    fixture.policy = EVERYTHING;
    var subscriber = fixture.connect("client01", "controller");
    fixture.broker.receive(subscriber, query(true, "pcp://*/*"));
    var asker = fixture.connect("client02", "controller");
    fixture.broker.receive(asker, query(false, "pcp://*/*"));
    fixture.policy =
        action -> action instanceof Action.QueryInventory ? new Denied("test") : new Allowed("t");

    watch.check(true);

    assertThat(peer(subscriber).closedFor()).contains(GONE);
    assertThat(fixture.inventory.subscriptions()).isZero();
    assertThat(peer(asker).closedFor()).isEmpty();
  }

  @Test
  void givenSubscriberWhoseRightsStay_whenThePolicyChanges_thenItNoticesNothing() {
    fixture.policy = EVERYTHING;
    var subscriber = fixture.connect("client01", "controller");
    fixture.broker.receive(subscriber, query(true, "pcp://*/*"));
    fixture.policy = denying(Action.QueryInventory.class, "client02");

    watch.check(true);

    assertThat(peer(subscriber).closedFor()).isEmpty();
    assertThat(fixture.inventory.subscriptions()).isEqualTo(1);
  }

  @Test
  void givenDialledControllerThatSubscribes_whenThePolicyChanges_thenItStays() {
    var controller = fixture.dialled("controller.test:8143");
    fixture.controllers.receive(controller, query(true, "pcp://*/*"));
    assertThat(fixture.inventory.subscriptions()).isEqualTo(1);
    fixture.policy = _ -> new Denied("test");

    watch.check(true);

    assertThat(peer(controller).closedFor()).isEmpty();
    assertThat(fixture.inventory.subscriptions()).isEqualTo(1);
  }

  @Test
  void givenSessionThatCannotBeJudged_whenThePolicyChanges_thenItEndsAndTheOthersAreJudged() {
    var victims = new ArrayList<ClientSession>();
    for (int i = 0; i < 20; i++) {
      victims.add(fixture.connect("client" + i, "agent"));
    }
    fixture.policy =
        action -> {
          if (action.subject().commonName().equals(Optional.of("client7"))) {
            throw new IllegalStateException("test");
          }
          return new Denied("test");
        };
    QUIET.setLevel(Level.OFF);

    watch.check(true);

    assertThat(fixture.registry.sessions()).isEmpty();
    assertThat(peer(victims.get(7)).closedFor()).contains(CloseReason.INTERNAL_ERROR);
    assertThat(peer(victims.get(19)).closedFor()).contains(GONE);
  }

  @Test
  void givenPeerThatCannotBeJudged_whenItsSessionBegins_thenItEndsAndNothingIsLeft() {
    fixture.policy =
        _ -> {
          throw new IllegalStateException("test");
        };
    QUIET.setLevel(Level.OFF);

    var session = fixture.connect("client01", "agent");

    assertThat(peer(session).closedFor()).contains(CloseReason.INTERNAL_ERROR);
    assertThat(fixture.registry.sessions()).isEmpty();
  }

  @Test
  void givenHandshakeThatBeganBeforeTheChange_whenItsSessionBegins_thenItEndsAtOnce() {
    fixture.policy = denying(Action.Associate.class, "client01");

    var late = fixture.connect("client01", "agent");

    assertThat(peer(late).closedFor()).contains(GONE);
    assertThat(fixture.registry.sessions()).isEmpty();
  }

  @Test
  void givenProtocolThatMayNotAssociate_whenItIsSpokenOnThePathOfTheOther_thenTheSessionEnds() {
    fixture.policy =
        action ->
            action instanceof Action.Associate && action.subject().protocol().equals("pcp-v2")
                ? new Denied("test")
                : new Allowed("test");
    var session = fixture.connect("client01", "agent", Protocol.PCP_V1, new RecordingConnection());
    assertThat(peer(session).closedFor()).isEmpty();

    fixture.broker.receive(session, query(true, "pcp://*/*"));

    assertThat(peer(session).closedFor()).contains(GONE);
    assertThat(fixture.inventory.subscriptions()).isZero();
  }

  @Test
  void givenSubscriptionThatComesUpAfterTheChange_whenChecked_thenItEndsInALaterRound() {
    var late = fixture.connect("client01", "controller");
    watch.check(true);
    fixture.broker.receive(late, query(true, "pcp://*/*"));
    fixture.policy = denying(Action.QueryInventory.class, "client01");

    watch.check(false);

    assertThat(peer(late).closedFor()).contains(GONE);
  }

  @Test
  void givenChangeLongAgo_whenChecked_thenNobodyIsAskedAboutAnyMore() {
    watch.check(true);
    watch.check(false);
    watch.check(false);
    var session = fixture.connect("client01", "controller");
    fixture.broker.receive(session, query(true, "pcp://*/*"));
    fixture.policy = _ -> new Denied("test");

    watch.check(false);

    assertThat(peer(session).closedFor()).isEmpty();
  }

  @Test
  void givenControllerThatWasDialled_whenThePolicyChanges_thenItKeepsItsSubscription() {
    var controller = fixture.dialled("orch.example.com:8143");
    fixture.controllers.receive(controller, query(true, "pcp://*/*"));
    fixture.policy = _ -> new Denied("test");

    watch.check(true);

    assertThat(peer(controller).closedFor()).isEmpty();
    assertThat(fixture.inventory.subscriptions()).isOne();
  }
}
