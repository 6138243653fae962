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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.RetainHandling;
import org.parley.mqtt.packet.SubscriptionOptions;

class PublishTest {
  private final Driver driver = new Driver();
  private Event.Attached publisher = driver.attach("p", true, 100);
  private Event.Attached subscriber = driver.attach("s", true, 100);

  @BeforeEach
  void subscribe() {
    driver.subscribe(subscriber, 3, request("a/#", EXACTLY_ONCE));
  }

  private List<Event> publish(int packetId, String topic, QoS qos) {
    return driver.publish(publisher, packetId, driver.message("p", topic, qos, false, "x"));
  }

  @Test
  void givenQos1_whenSomebodyHearsIt_thenQueuedAndThenAcknowledged() {
    var events = publish(5, "a/b", AT_LEAST_ONCE);

    assertThat(events).hasSize(2);
    var enqueued = one(events, Event.Enqueued.class);
    assertThat(enqueued.session()).isSameAs(subscriber.session());
    assertThat(enqueued.entry().sequence()).isZero();
    assertThat(enqueued.entry().packetId()).isOne();
    assertThat(enqueued.entry().delivery().qos()).isEqualTo(AT_LEAST_ONCE);
    assertThat(enqueued.entry().delivery().subscriptionIds()).containsExactly(3);
    assertThat(events.getLast())
        .isEqualTo(
            new Event.Published(
                publisher.session(),
                publisher.epoch(),
                5,
                AT_LEAST_ONCE,
                ReasonCode.SUCCESS,
                false));
  }

  @Test
  void givenQos1_whenNobodyHearsIt_thenTold() {
    assertThat(one(publish(5, "b", AT_LEAST_ONCE), Event.Published.class).reason())
        .isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
  }

  @Test
  void givenRetained_whenNobodyHearsIt_thenItHadAnEffect() {
    var message = driver.message("p", "b", AT_LEAST_ONCE, true, "x");

    assertThat(one(driver.publish(publisher, 5, message), Event.Published.class).reason())
        .isEqualTo(ReasonCode.SUCCESS);
  }

  @Test
  void givenQos1_whenTheSameIdentifierComesAgain_thenItIsANewMessage() {
    publish(5, "a", AT_LEAST_ONCE);

    one(publish(5, "a", AT_LEAST_ONCE), Event.Enqueued.class);

    assertThat(subscriber.session().queued()).isEqualTo(2);
  }

  @Test
  void givenQos2Open_whenRepeatedAnyNumberOfTimes_thenOneDeliveryAndTheSameOutcome() {
    assertThat(one(publish(5, "b", EXACTLY_ONCE), Event.Published.class).reason())
        .isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
    driver.subscribe(subscriber, "b", EXACTLY_ONCE);

    for (int i = 0; i < 3; i++) {
      assertThat(publish(5, "b", EXACTLY_ONCE))
          .containsExactly(
              new Event.Published(
                  publisher.session(),
                  publisher.epoch(),
                  5,
                  EXACTLY_ONCE,
                  ReasonCode.NO_MATCHING_SUBSCRIBERS,
                  false));
    }
  }

  @Test
  void givenQos2Open_whenItsIdentifierComesWithQos1_thenInUse() {
    publish(5, "a", EXACTLY_ONCE);

    var events = publish(5, "a", AT_LEAST_ONCE);

    assertThat(one(events, Event.Published.class).reason())
        .isEqualTo(ReasonCode.PACKET_IDENTIFIER_IN_USE);
    assertThat(events).hasSize(1);
  }

  @Test
  void givenQos2Open_whenReleased_thenTheIdentifierIsFreeAndOnlyOnceFound() {
    publish(5, "a", EXACTLY_ONCE);
    var release = new Command.Release("p", publisher.epoch(), 5);

    assertThat(driver.apply(release))
        .containsExactly(new Event.Released(publisher.session(), publisher.epoch(), 5, true));
    assertThat(driver.apply(release))
        .containsExactly(new Event.Released(publisher.session(), publisher.epoch(), 5, false));
    one(publish(5, "a", EXACTLY_ONCE), Event.Enqueued.class);
  }

  @Test
  void givenQos2Open_whenTheClientComesBack_thenARepeatIsStillNoNewMessage() {
    publish(5, "a", EXACTLY_ONCE);
    driver.detach(publisher);
    publisher = driver.attach("p", false, 100);
    assertThat(publisher.inbound()).containsEntry(5, ReasonCode.SUCCESS);

    assertThat(only(publish(5, "a", EXACTLY_ONCE), Event.Enqueued.class)).isEmpty();

    publisher = driver.attach("p", true, 100);
    assertThat(publisher.inbound()).isEmpty();
    one(publish(5, "a", EXACTLY_ONCE), Event.Enqueued.class);
  }

  @Test
  void givenQos0_whenSubscribersAreOnlineAndOffline_thenDeliveredAndDropped() {
    var gone = driver.attach("gone", true, 100);
    driver.subscribe(gone, "a/#", AT_LEAST_ONCE);
    driver.detach(gone);

    var events = driver.publish(publisher, 0, driver.message("p", "a", AT_MOST_ONCE, true, "x"));

    var delivered = one(events, Event.Delivered.class);
    assertThat(delivered.session()).isSameAs(subscriber.session());
    assertThat(delivered.delivery().retain()).isFalse();
    assertThat(one(events, Event.Dropped.class).reason()).isEqualTo(Event.DropReason.OFFLINE);
    assertThat(only(events, Event.Published.class)).isEmpty();
    assertThat(gone.session().queued()).isZero();
  }

  @Test
  void givenRetainAsPublished_whenRetainedIsPublished_thenTheFlagStays() {
    driver.subscribe(
        subscriber,
        0,
        request("a/#", new SubscriptionOptions(AT_MOST_ONCE, false, true, RetainHandling.SEND)));

    var events = driver.publish(publisher, 1, driver.message("p", "a", AT_LEAST_ONCE, true, "x"));

    assertThat(one(events, Event.Delivered.class).delivery().retain()).isTrue();
  }

  @Test
  void givenNoLocal_whenTheClientPublishesItself_thenNothingComesBack() {
    driver.subscribe(
        publisher,
        0,
        request("own", new SubscriptionOptions(EXACTLY_ONCE, true, false, RetainHandling.SEND)));

    assertThat(one(publish(1, "own", AT_LEAST_ONCE), Event.Published.class).reason())
        .isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
    one(driver.publish("own", AT_LEAST_ONCE, "server"), Event.Enqueued.class);
  }

  @Test
  void givenManySubscribers_whenTheirCopiesAreAlike_thenOneObject() {
    for (int i = 0; i < 5; i++) {
      driver.subscribe(driver.attach("more" + i, true, 0), "many", AT_LEAST_ONCE);
    }

    var deliveries =
        only(publish(1, "many", EXACTLY_ONCE), Event.Enqueued.class).stream()
            .map(event -> event.entry().delivery())
            .toList();

    assertThat(deliveries).hasSize(5);
    assertThat(deliveries).allSatisfy(each -> assertThat(each).isSameAs(deliveries.getFirst()));
  }

  @Test
  void givenSubscriberHalfWayToItsLimit_whenOnline_thenThePublisherIsPressed() {
    for (int i = 1; i < 50; i++) {
      assertThat(one(publish(i, "a", AT_LEAST_ONCE), Event.Published.class).pressed()).isFalse();
    }

    assertThat(one(publish(50, "a", AT_LEAST_ONCE), Event.Published.class).pressed()).isTrue();
    assertThat(one(publish(51, "b", AT_LEAST_ONCE), Event.Published.class).pressed()).isFalse();
    driver.detach(subscriber);
    assertThat(one(publish(52, "a", AT_LEAST_ONCE), Event.Published.class).pressed()).isFalse();
  }

  @Test
  void givenExpiryOf0_whenPublished_thenOnlyForWhoIsOnline() {
    var immediate = driver.message("p", "a", AT_LEAST_ONCE, true, "x", OptionalLong.of(0));
    one(driver.publish(publisher, 1, immediate), Event.Enqueued.class);
    assertThat(driver.state.retainedCount()).isZero();
    driver.detach(subscriber);

    assertThat(one(driver.publish(publisher, 2, immediate), Event.Dropped.class).reason())
        .isEqualTo(Event.DropReason.EXPIRED);
  }

  @Test
  void givenExpiryIsOverBeforeItsTurn_whenPublished_thenDropped() {
    var late = driver.message("p", "a", AT_LEAST_ONCE, true, "x", OptionalLong.of(1));
    var late0 = driver.message("p", "a", AT_MOST_ONCE, false, "x", OptionalLong.of(1));
    driver.now += 1_000;

    assertThat(one(driver.publish(publisher, 1, late), Event.Dropped.class).reason())
        .isEqualTo(Event.DropReason.EXPIRED);
    assertThat(one(driver.publish(publisher, 2, late0), Event.Dropped.class).reason())
        .isEqualTo(Event.DropReason.EXPIRED);
    assertThat(driver.state.retainedCount()).isZero();
  }
}
