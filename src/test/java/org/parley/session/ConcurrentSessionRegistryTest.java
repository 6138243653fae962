package org.parley.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.parley.session.InventoryChange.Kind.ASSOCIATED;
import static org.parley.session.InventoryChange.Kind.DISASSOCIATED;
import static org.parley.session.TestSessions.agent;

import org.junit.jupiter.api.Test;
import org.parley.core.RecordingConnection;

class ConcurrentSessionRegistryTest {
  private static final int JOURNAL = 4;
  private static final int ALL = Integer.MAX_VALUE;

  private final ConcurrentSessionRegistry registry = new ConcurrentSessionRegistry(JOURNAL);

  private static InventoryChange came(ClientSession session) {
    return new InventoryChange(session.uri(), ASSOCIATED);
  }

  private static InventoryChange went(ClientSession session) {
    return new InventoryChange(session.uri(), DISASSOCIATED);
  }

  @Test
  void givenFreeUri_whenAssociated_thenFoundAndNobodySuperseded() {
    var session = agent("a");

    assertThat(registry.associate(session)).isEmpty();

    assertThat(registry.find(session.uri())).containsSame(session);
    assertThat(registry.isCurrent(session)).isTrue();
    assertThat(registry.size()).isEqualTo(1);
  }

  @Test
  void givenAssociatedUri_whenAssociatedAgain_thenTheNewestWinsAndTheOldIsReturned() {
    var old = agent("a");
    var newest = agent("a");
    registry.associate(old);

    assertThat(registry.associate(newest)).containsSame(old);

    assertThat(registry.find(newest.uri())).containsSame(newest);
    assertThat(registry.isCurrent(old)).isFalse();
    assertThat(registry.sessions()).containsExactly(newest);
  }

  @Test
  void givenSupersededSession_whenItEndsLate_thenTheNewOneStaysAndNothingChanges() {
    var old = agent("a");
    var newest = agent("a");
    registry.associate(old);
    registry.associate(newest);
    var watch = registry.watch().watch();

    assertThat(registry.disassociate(old)).isFalse();

    assertThat(registry.isCurrent(newest)).isTrue();
    assertThat(watch.poll(ALL)).isEmpty();
  }

  @Test
  void givenAssociatedSession_whenItEndsTwice_thenOnlyTheFirstCounts() {
    var session = agent("a");
    registry.associate(session);
    var watch = registry.watch().watch();

    assertThat(registry.disassociate(session)).isTrue();
    assertThat(registry.disassociate(session)).isFalse();

    assertThat(watch.poll(ALL)).containsExactly(went(session));
    assertThat(registry.find(session.uri())).isEmpty();
    assertThat(registry.size()).isZero();
  }

  @Test
  void givenOtherClientType_whenAssociated_thenNothingSuperseded() {
    registry.associate(agent("a"));
    var controller =
        TestSessions.session(new ClientUri("a", "controller"), new RecordingConnection());

    assertThat(registry.associate(controller)).isEmpty();
    assertThat(registry.size()).isEqualTo(2);
  }

  @Test
  void givenSessions_whenViewed_thenTheViewCannotChangeThem() {
    registry.associate(agent("a"));

    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> registry.sessions().clear());
  }

  @Test
  void givenWatch_whenOpened_thenItStartsFromWhoIsThereWithoutChanges() {
    var before = agent("a");
    registry.associate(before);

    var opened = registry.watch();

    assertThat(opened.clients()).containsExactly(before.uri());
    assertThat(opened.watch().poll(ALL)).isEmpty();
  }

  @Test
  void givenWatch_whenClientsComeAndGo_thenEachChangeOnceInOrder() {
    var watch = registry.watch().watch();
    var a = agent("a");
    var b = agent("b");
    registry.associate(a);
    registry.associate(b);
    registry.disassociate(a);

    assertThat(watch.poll(ALL)).containsExactly(came(a), came(b), went(a));
    assertThat(watch.poll(ALL)).isEmpty();
  }

  @Test
  void givenWatch_whenASessionIsSuperseded_thenItWentAndCame() {
    var session = agent("a");
    registry.associate(session);
    var watch = registry.watch().watch();

    registry.associate(agent("a"));

    assertThat(watch.poll(ALL)).containsExactly(went(session), came(session));
  }

  @Test
  void givenMoreChangesThanAskedFor_whenPolled_thenTheOldestFirstAndTheRestLater() {
    var watch = registry.watch().watch();
    var a = agent("a");
    var b = agent("b");
    registry.associate(a);
    registry.associate(b);

    assertThat(watch.poll(1)).containsExactly(came(a));
    assertThat(watch.poll(1)).containsExactly(came(b));
  }

  @Test
  void givenWatchBehindAnother_whenEachPollsAll_thenEachSeesItsOwn() {
    var early = registry.watch().watch();
    var a = agent("a");
    registry.associate(a);
    var late = registry.watch().watch();
    var b = agent("b");
    registry.associate(b);

    assertThat(late.poll(ALL)).containsExactly(came(b));
    assertThat(early.poll(ALL)).containsExactly(came(a), came(b));
  }

  @Test
  void givenAsManyChangesAsAreKept_whenPolled_thenWhole() {
    var watch = registry.watch().watch();
    for (int i = 0; i < JOURNAL; i++) {
      registry.associate(agent("c" + i));
    }

    assertThat(watch.overrun()).isFalse();
    assertThat(watch.poll(ALL)).hasSize(JOURNAL);
  }

  @Test
  void givenOneChangeMoreThanIsKept_whenAsked_thenOverrunAndNothingToPoll() {
    var watch = registry.watch().watch();
    for (int i = 0; i <= JOURNAL; i++) {
      registry.associate(agent("c" + i));
    }

    assertThat(watch.overrun()).isTrue();
    assertThat(watch.poll(ALL)).isEmpty();
  }

  @Test
  void givenSlowWatch_whenItIsOverrun_thenThoseThatKeepUpLoseNothing() {
    var slow = registry.watch().watch();
    registry.associate(agent("first"));
    var quick = registry.watch().watch();
    for (int i = 0; i < JOURNAL; i++) {
      registry.associate(agent("c" + i));
    }

    assertThat(slow.overrun()).isTrue();
    assertThat(quick.overrun()).isFalse();
    assertThat(quick.poll(ALL)).hasSize(JOURNAL);
  }

  @Test
  void givenTheSlowestWatch_whenClosed_thenItsChangesMakeRoomForTheOthers() {
    var slow = registry.watch().watch();
    registry.associate(agent("first"));
    registry.associate(agent("second"));
    var other = registry.watch().watch();

    slow.close();
    for (int i = 0; i < JOURNAL; i++) {
      registry.associate(agent("c" + i));
    }

    assertThat(other.overrun()).isFalse();
    assertThat(other.poll(ALL)).hasSize(JOURNAL);
  }

  @Test
  void givenClosedWatch_whenClientsCome_thenNothingIsKeptForIt() {
    var watch = registry.watch().watch();
    watch.close();
    watch.close();

    for (int i = 0; i < 10 * JOURNAL; i++) {
      registry.associate(agent("c" + i));
    }

    assertThat(watch.poll(ALL)).isEmpty();
    assertThat(watch.overrun()).isFalse();
  }
}
