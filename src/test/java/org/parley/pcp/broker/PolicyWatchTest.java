package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.pcp.broker.BrokerFixture.peer;
import static org.parley.pcp.broker.BrokerFixture.query;

import org.junit.jupiter.api.Test;
import org.parley.core.CloseReason;
import org.parley.policy.Action;
import org.parley.policy.Decision.Allowed;
import org.parley.policy.Decision.Denied;
import org.parley.policy.Policy;

class PolicyWatchTest {
  private static final Policy EVERYTHING = _ -> new Allowed("test");
  private static final CloseReason GONE = new CloseReason(1008, "Not allowed any more.");

  private final BrokerFixture fixture = new BrokerFixture();
  private final PolicyWatch watch =
      new PolicyWatch(
          fixture.registry,
          fixture.inventory,
          action -> fixture.policy.decide(action),
          fixture.broker,
          3);

  private static Policy denying(Class<? extends Action> kind, String commonName) {
    return action ->
        kind.isInstance(action) && action.subject().principal().commonName().equals(commonName)
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
  void givenHandshakeThatBeganBeforeTheChange_whenItsSessionComesUp_thenItEndsInALaterRound() {
    fixture.policy = denying(Action.Associate.class, "client01");
    watch.check(true);
    var late = fixture.connect("client01", "agent");

    watch.check(false);

    assertThat(peer(late).closedFor()).contains(GONE);
  }

  @Test
  void givenChangeLongAgo_whenChecked_thenNobodyIsAskedAboutAnyMore() {
    watch.check(true);
    watch.check(false);
    watch.check(false);
    var session = fixture.connect("client01", "agent");
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
