package org.parley.mqtt.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.packet.QoS.AT_LEAST_ONCE;
import static org.parley.mqtt.state.Driver.LIMITS;
import static org.parley.mqtt.state.Driver.one;
import static org.parley.mqtt.state.Driver.only;
import static org.parley.mqtt.state.Driver.will;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.packet.Will;

/** When a will is sent: each row of section 8 of the notes on the standard. */
class WillTest {
  private final Driver driver = new Driver();

  private Event.Attached attach(boolean clean, long expiry, long delay) {
    return driver.attach("c", clean, expiry, 10, will("w", delay));
  }

  private static List<Event.WillDue> due(List<Event> events) {
    return only(events, Event.WillDue.class);
  }

  @Test
  void givenNoDelay_whenTheConnectionIsLost_thenDueAtOnce() {
    var attached = attach(true, 100, 0);

    var told = one(driver.detach(attached), Event.WillDue.class);

    assertThat(told.id()).isEqualTo(new WillId("c", attached.epoch()));
    assertThat(told.owner()).isEqualTo(Driver.OWNER);
    assertThat(told.will()).isEqualTo(will("w", 0));
    assertThat(due(driver.pass(200_000))).isEmpty();
  }

  @Test
  void givenNormalDisconnect_whenDetached_thenNever() {
    var attached = attach(true, 100, 5);

    assertThat(due(driver.detach(attached, OptionalLong.empty(), false))).isEmpty();

    assertThat(due(driver.pass(200_000))).isEmpty();
    attach(false, 100, 0);
  }

  @Test
  void givenDelay_whenItHasPassed_thenDueAndTheSessionStays() {
    driver.detach(attach(true, 100, 10));

    assertThat(driver.pass(9_999)).isEmpty();
    assertThat(due(driver.pass(1))).hasSize(1);
    assertThat(driver.state.sessionCount()).isOne();
  }

  @Test
  @Tag("D22")
  void givenManyDelaysThatEndAtOnce_whenTicked_thenInPartsUntilNothingIsDue() {
    var many = new Driver(new StateLimits(10_000, 10, 1000, LIMITS.overflow(), 10, 10, 1000));
    for (int i = 0; i < 10_000; i++) {
      many.detach(many.attach("c" + i, true, 100, 10, will("w", 10)));
    }

    assertThat(due(many.pass(10_000))).hasSize(1_000);
    for (int part = 1; part < 9; part++) {
      assertThat(many.state.due(many.now)).isTrue();
      assertThat(due(many.pass(0))).hasSize(1_000);
    }
    assertThat(due(many.pass(0))).hasSize(1_000);
    assertThat(many.state.due(many.now)).isFalse();
  }

  @Test
  void givenDelayBeyondTheSession_whenTheSessionEnds_thenDue() {
    driver.detach(attach(true, 10, 1_000));

    assertThat(driver.pass(9_999)).isEmpty();
    assertThat(due(driver.pass(1))).hasSize(1);
    assertThat(driver.state.sessionCount()).isZero();
    assertThat(driver.pass(1_000_000)).isEmpty();
  }

  @Test
  void givenDelayAndExpiry0_whenDetached_thenDueAtOnce() {
    assertThat(due(driver.detach(attach(true, 0, 1_000)))).hasSize(1);
  }

  @Test
  void givenDelayRunning_whenResumed_thenCancelled() {
    driver.detach(attach(true, 100, 10));
    driver.pass(9_000);

    assertThat(due(driver.attaching("c", false, 100, 10, null))).isEmpty();

    assertThat(driver.pass(100_000)).isEmpty();
  }

  @Test
  void givenDelayPassedButNotTicked_whenResumed_thenDue() {
    driver.detach(attach(true, 100, 10));
    driver.now += 10_000;

    assertThat(due(driver.attaching("c", false, 100, 10, null))).hasSize(1);
  }

  @Test
  void givenDelayRunning_whenStartedClean_thenDueAtOnce() {
    driver.detach(attach(true, 100, 10));

    assertThat(due(driver.attaching("c", true, 100, 10, will("new", 0)))).hasSize(1);
  }

  @Test
  void givenTakeover_whenTheOldWillHasNoDelay_thenDue() {
    attach(true, 100, 0);

    var told = due(driver.attaching("c", false, 100, 10, will("new", 0)));

    assertThat(told).extracting(each -> each.will().topic().text()).containsExactly("w");
  }

  @Test
  void givenTakeover_whenTheOldWillHasADelay_thenCancelled() {
    attach(true, 100, 10);

    assertThat(due(driver.attaching("c", false, 100, 10, null))).isEmpty();
    assertThat(driver.pass(1_000_000)).isEmpty();
  }

  @Test
  void givenTakeover_whenCleanOrTheOldExpiryWas0_thenDueWhateverTheDelay() {
    attach(true, 100, 10);
    assertThat(due(driver.attaching("c", true, 0, 10, will("v", 10)))).hasSize(1);

    assertThat(due(driver.attaching("c", false, 0, 10, null)))
        .extracting(each -> each.will().topic().text())
        .containsExactly("v");
  }

  @Test
  void givenTakeover_whenTheOldConnectionIsHeardOfLater_thenItsWillIsNotSentAgain() {
    var old = attach(true, 100, 0);
    driver.attach("c", false, 100, 10, will("new", 0));

    assertThat(driver.detach(old)).isEmpty();
  }

  @Test
  void givenTheServerEndsTheSession_whenAWillIsThere_thenDue() {
    attach(true, 100, 10);

    assertThat(due(driver.apply(new Command.EndSession("c")))).hasSize(1);
  }

  @Test
  void givenWillIsDue_whenPublished_thenOnceAsAMessageOfTheClient() {
    var watcher = driver.attach("watcher", true, 0);
    driver.subscribe(watcher, "w", AT_LEAST_ONCE);
    var id = one(driver.detach(attach(true, 0, 0)), Event.WillDue.class).id();
    driver.now += 700;

    var sent = one(driver.apply(new Command.PublishWill(id)), Event.Enqueued.class);

    var message = sent.entry().delivery().message();
    assertThat(message.publisher()).isEqualTo("c");
    assertThat(message.receivedAt()).isEqualTo(driver.now);
    assertThat(driver.apply(new Command.PublishWill(id))).isEmpty();
    assertThat(driver.apply(new Command.DropWill(id))).isEmpty();
  }

  @Test
  void givenWillIsDue_whenDropped_thenNobodyHearsIt() {
    var watcher = driver.attach("watcher", true, 0);
    driver.subscribe(watcher, "w", AT_LEAST_ONCE);
    var id = one(driver.detach(attach(true, 0, 0)), Event.WillDue.class).id();

    assertThat(driver.apply(new Command.DropWill(id))).isEmpty();
    assertThat(driver.apply(new Command.PublishWill(id))).isEmpty();
  }

  @Test
  void givenWillIsNotDue_whenAnswered_thenItStillWaits() {
    var attached = attach(true, 100, 10);
    var id = new WillId("c", attached.epoch());
    driver.detach(attached);

    assertThat(driver.apply(new Command.PublishWill(id))).isEmpty();
    assertThat(driver.apply(new Command.DropWill(id))).isEmpty();
    assertThat(due(driver.pass(10_000))).hasSize(1);
  }

  @Test
  void givenWillWithExpiryAndRetain_whenPublished_thenItsTimeCountsFromThen() {
    var properties = MessageProperties.NONE.withMessageExpiry(OptionalLong.of(5));
    var retained =
        new Will(
            TopicName.of("w"), BinaryData.of((byte) 1), QoS.AT_MOST_ONCE, true, 10, properties);
    driver.detach(driver.attach("c", true, 100, 10, retained));
    var id = one(driver.pass(10_000), Event.WillDue.class).id();

    driver.apply(new Command.PublishWill(id));

    assertThat(driver.state.retainedCount()).isOne();
    driver.pass(4_999);
    assertThat(driver.state.retainedCount()).isOne();
    driver.pass(1);
    assertThat(driver.state.retainedCount()).isZero();
    assertThat(driver.state.retainedBytes()).isZero();
  }
}
