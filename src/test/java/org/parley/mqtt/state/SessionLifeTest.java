package org.parley.mqtt.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.packet.QoS.AT_LEAST_ONCE;
import static org.parley.mqtt.packet.QoS.EXACTLY_ONCE;
import static org.parley.mqtt.state.Driver.LIMITS;
import static org.parley.mqtt.state.Driver.one;
import static org.parley.mqtt.state.Driver.only;
import static org.parley.mqtt.state.Driver.texts;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.ReasonCode;

class SessionLifeTest {
  private final Driver driver = new Driver();

  @Test
  void givenNewClient_whenAttached_thenNoSessionWasPresent() {
    var attached = driver.attach("c", false, 10);

    assertThat(attached.sessionPresent()).isFalse();
    assertThat(attached.connection()).isOne();
    assertThat(attached.queue()).isEmpty();
    assertThat(attached.session().online()).isTrue();
    assertThat(driver.state.session("c")).isSameAs(attached.session());
    assertThat(driver.state.sessions()).hasSize(1);
    assertThat(driver.state.onlineCount()).isOne();
  }

  @Test
  void givenExpiry0_whenDetached_thenTheSessionIsGoneWithAllItHad() {
    var attached = driver.attach("c", false, 0);
    driver.subscribe(attached, "a", AT_LEAST_ONCE);

    var events = driver.detach(attached);

    assertThat(events).containsExactly(new Event.SessionEnded(attached.session()));
    assertThat(driver.state.session("c")).isNull();
    assertThat(driver.state.sessionCount()).isZero();
    assertThat(driver.state.onlineCount()).isZero();
    assertThat(driver.state.subscriptionCount()).isZero();
    assertThat(driver.attach("c", false, 0).sessionPresent()).isFalse();
  }

  @Test
  void givenExpiry_whenItIsOver_thenTheSessionEndsAndNotBefore() {
    driver.detach(driver.attach("c", true, 10));

    assertThat(driver.state.due(driver.now + 9_999)).isFalse();
    assertThat(driver.state.nextDue()).isEqualTo(driver.now + 10_000);
    assertThat(driver.pass(9_999)).isEmpty();
    assertThat(driver.state.due(driver.now + 1)).isTrue();
    one(driver.pass(1), Event.SessionEnded.class);
    assertThat(driver.state.due(Long.MAX_VALUE - 1)).isFalse();
  }

  @Test
  void givenExpiryIsOverButNotTicked_whenAttached_thenNothingIsPresent() {
    driver.detach(driver.attach("c", true, 10));
    driver.now += 10_000;

    var events = driver.attaching("c", false, 10, 10, null);

    one(events, Event.SessionEnded.class);
    assertThat(one(events, Event.Attached.class).sessionPresent()).isFalse();
    assertThat(driver.pass(5_000)).isEmpty();
  }

  @Test
  void givenExpiryNever_whenAHundredYearsPass_thenTheSessionIsThere() {
    driver.detach(driver.attach("c", true, Command.Attach.NEVER));

    driver.pass(100L * 365 * 24 * 3600 * 1000);

    assertThat(driver.attach("c", false, 0).sessionPresent()).isTrue();
  }

  @Test
  void givenReconnect_whenTheNewIntervalIsShorter_thenItRules() {
    driver.detach(driver.attach("c", true, 1_000));
    driver.pass(5_000);
    var again = driver.attach("c", false, 2);
    assertThat(again.sessionPresent()).isTrue();
    assertThat(driver.pass(2_000_000)).isEmpty(); // it never ends while connected

    driver.detach(again);

    one(driver.pass(2_000), Event.SessionEnded.class);
  }

  @Test
  void givenDisconnectWithAnInterval_whenDetached_thenItReplacesTheFormer() {
    driver.detach(driver.attach("c", true, 10), OptionalLong.of(300), false);
    assertThat(driver.pass(299_999)).isEmpty();
    one(driver.pass(1), Event.SessionEnded.class);

    var other = driver.attach("c", true, 10);
    one(driver.detach(other, OptionalLong.of(0), false), Event.SessionEnded.class);
  }

  @Test
  void givenQueueAndSubscriptions_whenResumed_thenAllIsThere() {
    var attached = driver.attach("c", true, 100);
    driver.subscribe(attached, "a", EXACTLY_ONCE);
    driver.subscribe(attached, "$share/g/b", AT_LEAST_ONCE);
    driver.publish("a", EXACTLY_ONCE, "1");
    driver.publish(attached, 7, driver.message("c", "x", EXACTLY_ONCE, false, "own"));
    driver.detach(attached);
    driver.publish("a", AT_LEAST_ONCE, "2");
    driver.publish("b", AT_LEAST_ONCE, "3");

    var resumed = driver.attach("c", false, 100);

    assertThat(resumed.sessionPresent()).isTrue();
    assertThat(resumed.session()).isSameAs(attached.session());
    assertThat(resumed.epoch()).isGreaterThan(attached.epoch());
    assertThat(texts(resumed.queue())).containsExactly("1", "2", "3");
    assertThat(resumed.queue().getLast().group()).contains(Driver.filter("$share/g/b"));
    assertThat(resumed.sentBefore()).isOne();
    assertThat(resumed.inbound())
        .containsExactlyEntriesOf(Map.of(7, ReasonCode.NO_MATCHING_SUBSCRIBERS));
    assertThat(resumed.subscriptions()).hasSize(2);
  }

  @Test
  void givenTakeover_whenCleanStartIs0_thenTheStateMovesAndTheOldIsTold() {
    var old = driver.attach("c", true, 100);
    driver.subscribe(old, "a", AT_LEAST_ONCE);
    driver.publish("a", AT_LEAST_ONCE, "1");

    var events = driver.attaching("c", false, 50, 10, null);

    assertThat(events.getFirst()).isEqualTo(new Event.Displaced(1, ReasonCode.SESSION_TAKEN_OVER));
    var resumed = one(events, Event.Attached.class);
    assertThat(resumed.sessionPresent()).isTrue();
    assertThat(texts(resumed.queue())).containsExactly("1");
    assertThat(only(events, Event.SessionEnded.class)).isEmpty();
    assertThat(driver.state.onlineCount()).isOne();
  }

  @Test
  void givenTakeover_whenTheOldExpiryWas0_thenNothingIsInherited() {
    var old = driver.attach("c", true, 0);
    driver.subscribe(old, "a", AT_LEAST_ONCE);

    var events = driver.attaching("c", false, 100, 10, null);

    assertThat(events).hasSize(3);
    assertThat(events.getFirst()).isInstanceOf(Event.Displaced.class);
    one(events, Event.SessionEnded.class);
    assertThat(one(events, Event.Attached.class).sessionPresent()).isFalse();
    assertThat(driver.state.subscriptionCount()).isZero();
  }

  @Test
  void givenCleanStart_whenASessionIsThere_thenItEnds() {
    var old = driver.attach("c", true, 100);
    driver.subscribe(old, "a", AT_LEAST_ONCE);
    driver.publish("a", AT_LEAST_ONCE, "1");
    driver.detach(old);

    var events = driver.attaching("c", true, 100, 10, null);

    assertThat(one(events, Event.Removed.class).reason()).isEqualTo(Event.DropReason.SESSION_ENDED);
    assertThat(one(events, Event.Attached.class).sessionPresent()).isFalse();
    assertThat(one(events, Event.Attached.class).session()).isNotSameAs(old.session());
    assertThat(driver.pass(100_000)).isEmpty();
  }

  @Test
  void givenStaleEpoch_whenItSaysAnything_thenNothingHappens() {
    var old = driver.attach("c", true, 100);
    driver.subscribe(old, "a", AT_LEAST_ONCE);
    driver.publish("a", AT_LEAST_ONCE, "1");
    driver.attach("c", false, 100);

    assertThat(driver.detach(old)).isEmpty();
    assertThat(driver.subscribe(old, "b", AT_LEAST_ONCE)).isEmpty();
    assertThat(driver.unsubscribe(old, "a")).isEmpty();
    assertThat(driver.publish(old, 1, driver.message("c", "a", AT_LEAST_ONCE, true, "x")))
        .isEmpty();
    assertThat(driver.acknowledge(old, 0, Command.Acknowledge.Kind.PUBACK)).isEmpty();
    assertThat(driver.apply(new Command.Release("c", old.epoch(), 1))).isEmpty();
    assertThat(driver.state.onlineCount()).isOne();
    assertThat(driver.state.retainedCount()).isZero();
    assertThat(old.session().queued()).isOne();
    assertThat(old.session().subscriptions()).isOne();
  }

  @Test
  void givenDetachedSession_whenItsOwnEpochSpeaks_thenNothingHappens() {
    var attached = driver.attach("c", true, 100);
    driver.detach(attached);

    assertThat(driver.detach(attached)).isEmpty();
    assertThat(driver.subscribe(attached, "a", AT_LEAST_ONCE)).isEmpty();
    assertThat(driver.state.onlineCount()).isZero();
  }

  @Test
  void givenAsManySessionsAsMayBe_whenOneMoreComes_thenRefusedButNotForWhoIsThere() {
    var small = new Driver(new StateLimits(1, 10, 1000, LIMITS.overflow(), 10, 10, 1000));
    var first = small.attach("c", true, 100);

    assertThat(small.attaching("d", true, 0, 10, null))
        .containsExactly(new Event.AttachRefused(2, ReasonCode.QUOTA_EXCEEDED));
    small.attach("c", true, 100);
    small.detach(small.attach("c", false, 0));
    assertThat(small.attach("d", true, 0).sessionPresent()).isFalse();
    assertThat(first.session().online()).isFalse();
  }

  @Test
  void givenSession_whenTheServerEndsIt_thenAConnectionIsToldFirst() {
    var attached = driver.attach("c", true, 100);

    assertThat(driver.apply(new Command.EndSession("c")))
        .containsExactly(
            new Event.Displaced(1, ReasonCode.ADMINISTRATIVE_ACTION),
            new Event.SessionEnded(attached.session()));
    assertThat(driver.apply(new Command.EndSession("c"))).isEmpty();
    var offline = driver.attach("c", true, 100);
    driver.detach(offline);
    assertThat(driver.apply(new Command.EndSession("c")))
        .containsExactly(new Event.SessionEnded(offline.session()));
    assertThat(driver.pass(100_000)).isEmpty();
  }

  @Test
  void givenManySessionsThatEnd_whenTicked_thenInPartsUntilNothingIsDue() {
    var many = new Driver(new StateLimits(5_000, 10, 1000, LIMITS.overflow(), 10, 10, 1000));
    for (int i = 0; i < 2_500; i++) {
      many.detach(many.attach("c" + i, true, 1));
    }

    assertThat(many.pass(1_000)).hasSize(1_000);
    assertThat(many.state.due(many.now)).isTrue();
    assertThat(many.pass(0)).hasSize(1_000);
    assertThat(many.pass(0)).hasSize(500);
    assertThat(many.state.due(many.now)).isFalse();
  }

  @Test
  void givenIdsThatLookAlike_whenAttached_thenEachHasItsOwnSession() {
    var ids = List.of("a", "a/", "a/b", "a:b", "a+", "#", "$a", "A", "a ");
    ids.forEach(id -> driver.attach(id, true, 100));

    assertThat(driver.state.sessionCount()).isEqualTo(ids.size());
  }

  @Test
  void givenReceiver_whenTheSessionGoesOffline_thenNobodyIsToldAnyMore() {
    var attached = driver.attach("c", true, 100);
    assertThat(attached.session().hasRoom()).isFalse();
    var receiver = new RecordingReceiver();
    attached.session().receiver(receiver);
    assertThat(attached.session().hasRoom()).isTrue();
    receiver.room = false;
    assertThat(attached.session().hasRoom()).isFalse();

    driver.detach(attached);

    assertThat(attached.session().receiver()).isNull();
    assertThat(attached.session().hasRoom()).isFalse();
  }

  /** Keeps what it is given. */
  private static final class RecordingReceiver implements Receiver {
    boolean room = true;

    @Override
    public void deliver(Delivery delivery) {}

    @Override
    public boolean hasRoom() {
      return room;
    }
  }
}
