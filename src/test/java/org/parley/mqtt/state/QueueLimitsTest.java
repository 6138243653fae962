package org.parley.mqtt.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.packet.QoS.AT_LEAST_ONCE;
import static org.parley.mqtt.packet.QoS.EXACTLY_ONCE;
import static org.parley.mqtt.state.Driver.one;
import static org.parley.mqtt.state.Driver.only;
import static org.parley.mqtt.state.Driver.texts;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.Command.Acknowledge.Kind;
import org.parley.mqtt.state.Event.DropReason;
import org.parley.mqtt.state.StateLimits.Overflow;

class QueueLimitsTest {
  private static Driver driver(Overflow overflow, int messages, long bytes) {
    return new Driver(new StateLimits(100, messages, bytes, overflow, 10, 10, 1_000_000));
  }

  private static Event.Attached subscriber(Driver driver, int receiveMaximum) {
    var attached = driver.attach("s", true, 100, receiveMaximum, null);
    driver.subscribe(attached, "a", EXACTLY_ONCE);
    return attached;
  }

  private static List<String> queue(Driver driver) {
    return texts(driver.attach("s", false, 100).queue());
  }

  private static List<Event> publish(Driver driver, String text, OptionalLong expiry) {
    return driver.publish(driver.message("", "a", AT_LEAST_ONCE, false, text, expiry));
  }

  private static List<Event> publish(Driver driver, String text) {
    return publish(driver, text, OptionalLong.empty());
  }

  @Test
  void givenDropNew_whenTheQueueIsFull_thenTheNewIsDroppedAndThePublisherIsNotRefused() {
    var driver = driver(Overflow.DROP_NEW, 2, 10_000);
    driver.detach(subscriber(driver, 10));
    publish(driver, "1");
    publish(driver, "2");

    var dropped = one(publish(driver, "3"), Event.Dropped.class);

    assertThat(dropped.reason()).isEqualTo(DropReason.QUEUE_FULL);
    assertThat(dropped.clientId()).isEqualTo("s");
    assertThat(queue(driver)).containsExactly("1", "2");
  }

  @Test
  void givenDropOldest_whenTheQueueIsFull_thenTheOldestThatWasNotSentGoes() {
    var driver = driver(Overflow.DROP_OLDEST, 4, 10_000);
    subscriber(driver, 2);
    for (var text : List.of("1", "2", "3", "4")) {
      publish(driver, text);
    }

    var events = publish(driver, "5");

    assertThat(texts(List.of(one(events, Event.Removed.class).entry()))).containsExactly("3");
    assertThat(one(events, Event.Removed.class).reason()).isEqualTo(DropReason.QUEUE_FULL);
    one(events, Event.Enqueued.class);
    assertThat(queue(driver)).containsExactly("1", "2", "4", "5");
  }

  @Test
  void givenDropOldest_whenAllMayBeInFlight_thenTheNewIsDropped() {
    var driver = driver(Overflow.DROP_OLDEST, 2, 10_000);
    subscriber(driver, 10);
    publish(driver, "1");
    publish(driver, "2");

    one(publish(driver, "3"), Event.Dropped.class);

    assertThat(queue(driver)).containsExactly("1", "2");
  }

  @Test
  void givenDropOldest_whenTheClientWasNeverThereSince_thenAnyMayGo() {
    var driver = driver(Overflow.DROP_OLDEST, 2, 10_000);
    driver.detach(subscriber(driver, 10));
    for (int i = 0; i < 10; i++) {
      publish(driver, "" + i);
    }

    assertThat(queue(driver)).containsExactly("8", "9");
  }

  @Test
  void givenEndSession_whenTheQueueIsFull_thenTheSessionIsGoneForAllToSee() {
    var driver = driver(Overflow.END_SESSION, 2, 10_000);
    var attached = subscriber(driver, 10);
    publish(driver, "1");
    publish(driver, "2");

    var events = publish(driver, "3");

    assertThat(events).contains(new Event.Displaced(1, ReasonCode.QUOTA_EXCEEDED));
    assertThat(events).contains(new Event.SessionEnded(attached.session()));
    assertThat(only(events, Event.Removed.class)).hasSize(2);
    assertThat(one(events, Event.Dropped.class).reason()).isEqualTo(DropReason.QUEUE_FULL);
    assertThat(driver.attach("s", false, 100).sessionPresent()).isFalse();
  }

  @Test
  void givenBytes_whenTheyAreUsedUp_thenFullToo() {
    var size = new Driver().message("", "a", AT_LEAST_ONCE, false, "1").sizeBytes();
    var driver = driver(Overflow.DROP_OLDEST, 100, 2 * size);
    var attached = subscriber(driver, 1);
    publish(driver, "1");
    publish(driver, "2");
    assertThat(attached.session().queuedBytes()).isEqualTo(2 * size);

    assertThat(only(publish(driver, "3"), Event.Removed.class)).hasSize(1);
    one(publish(driver, "x".repeat(500)), Event.Dropped.class);

    assertThat(queue(driver)).containsExactly("1", "3");
  }

  @Test
  void givenAcknowledgement_whenRoomIsMade_thenUsedAgain() {
    var driver = driver(Overflow.DROP_NEW, 2, 10_000);
    var attached = subscriber(driver, 10);
    publish(driver, "1");
    publish(driver, "2");

    driver.acknowledge(attached, 1, Kind.PUBACK);

    one(publish(driver, "3"), Event.Enqueued.class);
    assertThat(queue(driver)).containsExactly("1", "3");
  }

  @Test
  void givenQos2_whenReceivedAndThenComplete_thenOnlyThePubrelIsOwedInBetween() {
    var driver = driver(Overflow.DROP_NEW, 10, 10_000);
    var attached = subscriber(driver, 10);
    for (int i = 0; i < 3; i++) {
      driver.publish("a", EXACTLY_ONCE, "" + i);
    }

    assertThat(driver.acknowledge(attached, 1, Kind.PUBREC))
        .containsExactly(new Event.Recorded(attached.session(), attached.epoch(), 1));
    assertThat(driver.acknowledge(attached, 1, Kind.PUBREC)).hasSize(1);
    assertThat(driver.acknowledge(attached, 2, Kind.PUBREC_FAILURE)).isEmpty();
    attached = driver.attach("s", false, 100);
    assertThat(attached.queue()).extracting(QueueEntry::released).containsExactly(false, true);
    assertThat(driver.acknowledge(attached, 1, Kind.PUBCOMP)).isEmpty();
    assertThat(driver.acknowledge(attached, 1, Kind.PUBCOMP)).isEmpty();

    assertThat(queue(driver)).containsExactly("0");
  }

  @Test
  void givenResume_whenTheQueueIsTold_thenWhatMayHaveBeenSentIsKnown() {
    var driver = driver(Overflow.DROP_NEW, 10, 10_000);
    var attached = subscriber(driver, 2);
    publish(driver, "1");
    publish(driver, "2");
    publish(driver, "3");
    driver.detach(attached);
    publish(driver, "4");

    var resumed = driver.attach("s", false, 100, 3, null);
    assertThat(resumed.sentBefore()).isEqualTo(2);
    assertThat(resumed.queue()).extracting(QueueEntry::sequence).containsExactly(0L, 1L, 2L, 3L);
    assertThat(driver.attach("s", false, 100).sentBefore()).isEqualTo(3);
  }

  @Test
  void givenOfflineQueue_whenMessagesExpire_thenRemovedFromMemoryByTheTick() {
    var driver = driver(Overflow.DROP_NEW, 10, 10_000);
    var attached = subscriber(driver, 10);
    driver.detach(attached);
    publish(driver, "1", OptionalLong.of(20));
    publish(driver, "2");
    publish(driver, "3", OptionalLong.of(10));
    publish(driver, "4", OptionalLong.of(30));

    assertThat(driver.pass(9_999)).isEmpty();
    assertThat(texts(List.of(one(driver.pass(1), Event.Removed.class).entry())))
        .containsExactly("3");
    var removed = one(driver.pass(10_000), Event.Removed.class);
    assertThat(removed.reason()).isEqualTo(DropReason.EXPIRED);
    assertThat(attached.session().queued()).isEqualTo(2);

    driver.now += 10_000;
    one(driver.attaching("s", false, 100, 10, null), Event.Removed.class);
    assertThat(attached.session().queued()).isOne();
    assertThat(driver.pass(100_000)).isEmpty();
  }

  @Test
  void givenExpiredThatMayHaveBeenSent_whenTimePasses_thenKept() {
    var driver = driver(Overflow.DROP_NEW, 10, 10_000);
    var attached = subscriber(driver, 1);
    publish(driver, "sent", OptionalLong.of(10));
    publish(driver, "unsent", OptionalLong.of(10));
    driver.detach(attached);

    assertThat(texts(List.of(one(driver.pass(10_000), Event.Removed.class).entry())))
        .containsExactly("unsent");
    assertThat(driver.state.due(driver.now + 50_000)).isFalse();
    assertThat(queue(driver)).containsExactly("sent");
  }

  @Test
  void givenFullOfExpired_whenANewComes_thenTheyMakeRoom() {
    var driver = driver(Overflow.END_SESSION, 2, 10_000);
    subscriber(driver, 1);
    publish(driver, "1");
    publish(driver, "2", OptionalLong.of(1));
    driver.now += 1_000;

    var events = publish(driver, "3");

    assertThat(one(events, Event.Removed.class).reason()).isEqualTo(DropReason.EXPIRED);
    one(events, Event.Enqueued.class);
  }

  @Test
  void givenConnectionThatSkipsAnExpiredMessage_whenItSaysSo_thenItIsGone() {
    var driver = driver(Overflow.DROP_NEW, 10, 10_000);
    var attached = subscriber(driver, 10);
    driver.publish("a", EXACTLY_ONCE, "too big");

    assertThat(driver.acknowledge(attached, 0, Kind.PUBACK)).isEmpty();

    assertThat(attached.session().queued()).isZero();
  }

  @Test
  void givenSubscriberWithoutQos_whenFull_thenQos0IsStillDelivered() {
    var driver = driver(Overflow.DROP_NEW, 0, 0);
    subscriber(driver, 10);

    one(driver.publish("a", QoS.AT_MOST_ONCE, "x"), Event.Delivered.class);
    one(driver.publish("a", AT_LEAST_ONCE, "x"), Event.Dropped.class);
  }
}
