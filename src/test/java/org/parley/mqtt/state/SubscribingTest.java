package org.parley.mqtt.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.packet.QoS.AT_LEAST_ONCE;
import static org.parley.mqtt.packet.QoS.AT_MOST_ONCE;
import static org.parley.mqtt.packet.QoS.EXACTLY_ONCE;
import static org.parley.mqtt.state.Driver.one;
import static org.parley.mqtt.state.Driver.only;
import static org.parley.mqtt.state.Driver.request;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.RetainHandling;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.state.Event.DropReason;

class SubscribingTest {
  private final Driver driver = new Driver();
  private final Event.Attached client = driver.attach("c", true, 100);

  private List<Event> retain(String topic, QoS qos, String text) {
    return driver.publish(driver.message("p", topic, qos, true, text));
  }

  private static SubscriptionOptions options(QoS qos, boolean noLocal, RetainHandling handling) {
    return new SubscriptionOptions(qos, noLocal, false, handling);
  }

  private static List<String> retained(List<Event> events) {
    return one(events, Event.Subscribed.class).retained().stream().map(Driver::text).toList();
  }

  @Test
  void givenRequests_whenSubscribed_thenAReasonForEachInOrder() {
    var events =
        driver.subscribe(
            client,
            0,
            request("a", AT_MOST_ONCE),
            request("b", EXACTLY_ONCE),
            request("b", AT_LEAST_ONCE));

    assertThat(events)
        .containsExactly(
            new Event.Subscribed(
                client.session(),
                client.epoch(),
                1,
                List.of(ReasonCode.SUCCESS, ReasonCode.GRANTED_QOS_2, ReasonCode.GRANTED_QOS_1),
                List.of()));
    assertThat(client.session().subscriptions()).isEqualTo(2);
    assertThat(driver.state.subscriptionCount()).isEqualTo(2);
  }

  @Test
  void givenAsManyAsMayBe_whenOneMoreIsAskedFor_thenQuotaButHeldOnesMayChange() {
    for (int i = 0; i < 10; i++) {
      driver.subscribe(client, "a/" + i, AT_MOST_ONCE);
    }

    var reasons =
        one(
                driver.subscribe(
                    client, 0, request("b", AT_MOST_ONCE), request("a/1", AT_LEAST_ONCE)),
                Event.Subscribed.class)
            .reasons();

    assertThat(reasons).containsExactly(ReasonCode.QUOTA_EXCEEDED, ReasonCode.GRANTED_QOS_1);
    assertThat(driver.publish("b", AT_MOST_ONCE, "x")).isEmpty();
  }

  @Test
  void givenSubscription_whenUnsubscribed_thenNothingComesAndUnknownOnesAreTold() {
    driver.subscribe(client, "a", AT_LEAST_ONCE);

    assertThat(driver.unsubscribe(client, "a", "a", "b"))
        .containsExactly(
            new Event.Unsubscribed(
                client.session(),
                client.epoch(),
                2,
                List.of(
                    ReasonCode.SUCCESS,
                    ReasonCode.NO_SUBSCRIPTION_EXISTED,
                    ReasonCode.NO_SUBSCRIPTION_EXISTED)));
    assertThat(driver.publish("a", AT_LEAST_ONCE, "x")).isEmpty();
    assertThat(client.session().subscriptions()).isZero();
    assertThat(driver.state.subscriptionCount()).isZero();
  }

  @Test
  void givenRetained_whenSubscribed_thenAfterTheAnswerWithTheFlagAndTheLesserQos() {
    retain("a/0", AT_MOST_ONCE, "0");
    retain("a/1", AT_LEAST_ONCE, "1");
    retain("a/2", EXACTLY_ONCE, "2");

    var events = driver.subscribe(client, 9, request("a/+", AT_LEAST_ONCE));

    assertThat(events.getFirst()).isInstanceOf(Event.Subscribed.class);
    var atOnce = one(events, Event.Subscribed.class).retained();
    assertThat(atOnce).hasSize(1);
    assertThat(atOnce.getFirst().retain()).isTrue();
    assertThat(atOnce.getFirst().subscriptionIds()).containsExactly(9);
    var queued = only(events, Event.Enqueued.class);
    assertThat(queued).hasSize(2);
    assertThat(queued)
        .allSatisfy(
            each -> {
              assertThat(each.entry().delivery().retain()).isTrue();
              assertThat(each.entry().delivery().qos()).isEqualTo(AT_LEAST_ONCE);
              assertThat(each.entry().delivery().subscriptionIds()).containsExactly(9);
            });
  }

  @Test
  void givenRetained_whenReplacedOrRemoved_thenTheLatestRules() {
    retain("a", AT_MOST_ONCE, "1");
    retain("a", AT_MOST_ONCE, "2");
    retain("b", AT_MOST_ONCE, "1");
    var watcher = driver.attach("w", true, 0);
    driver.subscribe(watcher, "b", AT_MOST_ONCE);

    var removal = retain("b", AT_MOST_ONCE, "");

    assertThat(one(removal, Event.Delivered.class).delivery().message().payload().isEmpty())
        .isTrue();
    assertThat(retained(driver.subscribe(client, "#", AT_MOST_ONCE))).containsExactly("2");
    assertThat(driver.state.retainedCount()).isOne();
    retain("a", AT_MOST_ONCE, "");
    assertThat(driver.state.retainedCount()).isZero();
    assertThat(driver.state.retainedBytes()).isZero();
  }

  @Test
  void givenRetainHandling_whenSubscribedAgain_thenAsItSays() {
    retain("a", AT_MOST_ONCE, "1");
    var ifNew = request("a", options(AT_MOST_ONCE, false, RetainHandling.SEND_IF_NEW));
    var never = request("a", options(AT_MOST_ONCE, false, RetainHandling.DO_NOT_SEND));

    assertThat(retained(driver.subscribe(client, 0, never))).isEmpty();
    assertThat(retained(driver.subscribe(client, 0, ifNew))).isEmpty();
    assertThat(retained(driver.subscribe(client, "a", AT_MOST_ONCE))).containsExactly("1");
    assertThat(retained(driver.subscribe(client, "a", AT_MOST_ONCE))).containsExactly("1");
    driver.unsubscribe(client, "a");
    assertThat(retained(driver.subscribe(client, 0, ifNew))).containsExactly("1");
  }

  @Test
  void givenOverlappingFilters_whenSubscribedTogether_thenOneCopyForEach() {
    retain("a", AT_MOST_ONCE, "1");

    assertThat(
            retained(
                driver.subscribe(
                    client, 0, request("#", AT_MOST_ONCE), request("a", AT_MOST_ONCE))))
        .containsExactly("1", "1");
  }

  @Test
  void givenSharedSubscription_whenSubscribed_thenNoRetained() {
    retain("a", AT_MOST_ONCE, "1");

    assertThat(retained(driver.subscribe(client, "$share/g/a", AT_MOST_ONCE))).isEmpty();
  }

  @Test
  void givenNoLocal_whenTheRetainedIsOnesOwn_thenLeftOut() {
    driver.publish(client, 1, driver.message("c", "own", AT_LEAST_ONCE, true, "1"));
    retain("other", AT_MOST_ONCE, "2");

    var events =
        driver.subscribe(client, 0, request("#", options(AT_MOST_ONCE, true, RetainHandling.SEND)));

    assertThat(retained(events)).containsExactly("2");
  }

  @Test
  void givenExpiredRetained_whenSubscribed_thenNotSentAndRemovedByTheTick() {
    driver.publish(driver.message("p", "a", AT_MOST_ONCE, true, "old", OptionalLong.of(10)));
    driver.publish(driver.message("p", "a", AT_MOST_ONCE, true, "x", OptionalLong.of(20)));
    driver.pass(10_000);
    assertThat(driver.state.retainedCount()).isOne();
    driver.now += 10_000;

    assertThat(retained(driver.subscribe(client, "a", AT_MOST_ONCE))).isEmpty();

    assertThat(driver.state.retainedCount()).isOne();
    driver.pass(0);
    assertThat(driver.state.retainedCount()).isZero();
  }

  @Test
  void givenAsManyRetainedAsMayBe_whenOneMoreComes_thenRefusedAndNothingChanges() {
    driver.subscribe(client, "#", AT_LEAST_ONCE);
    for (int i = 0; i < 10; i++) {
      retain("a/" + i, AT_MOST_ONCE, "x");
    }
    var publisher = driver.attach("p", true, 0);

    var refused = driver.publish(publisher, 1, driver.message("p", "b", EXACTLY_ONCE, true, "x"));
    assertThat(refused).hasSize(1);
    assertThat(one(refused, Event.Published.class).reason()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);

    var replaced =
        driver.publish(publisher, 1, driver.message("p", "a/1", EXACTLY_ONCE, true, "y"));
    assertThat(one(replaced, Event.Published.class).reason()).isEqualTo(ReasonCode.SUCCESS);
    assertThat(driver.state.retainedCount()).isEqualTo(10);
  }

  @Test
  void givenAsManyRetainedAsMayBe_whenNobodyCanBeTold_thenDeliveredButNotKept() {
    driver.subscribe(client, "b", AT_MOST_ONCE);
    for (int i = 0; i < 10; i++) {
      retain("a/" + i, AT_MOST_ONCE, "x");
    }

    var events = retain("b", AT_MOST_ONCE, "x");

    one(events, Event.Delivered.class);
    assertThat(one(events, Event.Dropped.class).reason()).isEqualTo(DropReason.RETAINED_FULL);
    assertThat(driver.state.retainedCount()).isEqualTo(10);
  }

  @Test
  @Tag("D18")
  void givenAsManySubscriptionsOfAllAsThereMayBe_whenOneMoreIsAskedFor_thenQuotaUntilOneGoes() {
    var small =
        new Driver(
            new StateLimits(
                10, 10, 1000, StateLimits.Overflow.DROP_NEW, 10, 10, 200, Long.MAX_VALUE, 2));
    var a = small.attach("a", true, 0);
    var b = small.attach("b", true, 0);
    small.subscribe(a, "x", AT_MOST_ONCE);
    small.subscribe(a, "y", AT_MOST_ONCE);

    assertThat(one(small.subscribe(b, "x", AT_MOST_ONCE), Event.Subscribed.class).reasons())
        .containsExactly(ReasonCode.QUOTA_EXCEEDED);
    assertThat(one(small.subscribe(a, "x", AT_LEAST_ONCE), Event.Subscribed.class).reasons())
        .as("one that is there is replaced")
        .containsExactly(ReasonCode.GRANTED_QOS_1);
    small.detach(a);

    assertThat(one(small.subscribe(b, "x", AT_MOST_ONCE), Event.Subscribed.class).reasons())
        .containsExactly(ReasonCode.SUCCESS);
  }

  @Test
  void givenBytesOfRetainedUsedUp_whenABiggerOneComes_thenRefused() {
    var small =
        new Driver(new StateLimits(10, 10, 1000, StateLimits.Overflow.DROP_NEW, 10, 10, 200));
    var publisher = small.attach("p", true, 0);

    assertThat(
            one(
                    small.publish(
                        publisher,
                        1,
                        small.message("p", "a", AT_LEAST_ONCE, true, "x".repeat(100))),
                    Event.Published.class)
                .reason())
        .isEqualTo(ReasonCode.QUOTA_EXCEEDED);
    assertThat(
            one(
                    small.publish(publisher, 1, small.message("p", "a", AT_LEAST_ONCE, true, "x")),
                    Event.Published.class)
                .reason())
        .isEqualTo(ReasonCode.SUCCESS);
    assertThat(small.state.retainedBytes()).isBetween(1L, 200L);
  }

  @Test
  void givenRetainedMessage_whenOneThatCannotBeKeptFollowsWithQos0_thenNeitherIsKept() {
    var small =
        new Driver(new StateLimits(10, 10, 1000, StateLimits.Overflow.DROP_NEW, 10, 10, 200));
    small.publish(small.message("p", "a", AT_MOST_ONCE, true, "old"));
    assertThat(small.state.retainedCount()).isOne();

    var events = small.publish(small.message("p", "a", AT_MOST_ONCE, true, "x".repeat(100)));

    assertThat(one(events, Event.Dropped.class).reason()).isEqualTo(DropReason.RETAINED_FULL);
    assertThat(small.state.retainedCount()).isZero();
    assertThat(small.state.retainedBytes()).isZero();
  }

  @Test
  void givenManyFiltersThatLookAtManyRetained_whenSubscribed_thenTheLastAreRefused() {
    var large =
        new Driver(
            new StateLimits(10, 10, 1000, StateLimits.Overflow.DROP_NEW, 2_000, 2_000, 1 << 20));
    for (int i = 0; i < 1_000; i++) {
      large.publish(large.message("p", "a/" + i, AT_MOST_ONCE, true, "x"));
    }
    var wide =
        IntStream.range(0, 1_500)
            .mapToObj(i -> request("+/+/" + i, AT_MOST_ONCE))
            .toArray(Command.Subscribe.Request[]::new);
    var attached = large.attach("c", true, 0);

    var reasons = one(large.subscribe(attached, 0, wide), Event.Subscribed.class).reasons();

    assertThat(reasons.subList(0, 990)).containsOnly(ReasonCode.SUCCESS);
    assertThat(reasons.subList(1_000, 1_500)).containsOnly(ReasonCode.QUOTA_EXCEEDED);
    assertThat(retained(large.subscribe(attached, "a/1", AT_MOST_ONCE))).containsExactly("x");
  }

  @Test
  void givenManyRetained_whenManyFiltersWantAllOfThem_thenABoundedNumberIsSent() {
    for (int i = 0; i < 10; i++) {
      retain("a/" + i, AT_MOST_ONCE, "x");
    }

    var events =
        driver.subscribe(client, 0, request("#", AT_MOST_ONCE), request("a/#", AT_MOST_ONCE));

    assertThat(retained(events)).hasSize(10);
    assertThat(one(events, Event.Dropped.class).reason()).isEqualTo(DropReason.QUEUE_FULL);
  }

  @Test
  void givenMoreRetainedThanTheQueueHolds_whenSubscribed_thenThePolicyDoesNotEndTheSession() {
    var small =
        new Driver(
            new StateLimits(10, 3, 10_000, StateLimits.Overflow.END_SESSION, 10, 10, 10_000));
    for (int i = 0; i < 5; i++) {
      small.publish(small.message("p", "a/" + i, AT_LEAST_ONCE, true, "x"));
    }

    var events = small.subscribe(small.attach("c", true, 0), "#", AT_LEAST_ONCE);

    assertThat(only(events, Event.Enqueued.class)).hasSize(3);
    assertThat(only(events, Event.Dropped.class)).hasSize(2);
    assertThat(only(events, Event.SessionEnded.class)).isEmpty();
  }
}
