package org.parley.mqtt.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.state.AllQueues.Held;

class DeliveryQueueTest {
  private final Watched watched = new Watched();
  private final DeliveryQueue queue = queue(watched);
  private final Delivery delivery =
      Delivery.live(
          new Driver().message("", "a", QoS.EXACTLY_ONCE, false, "x"),
          QoS.EXACTLY_ONCE,
          false,
          List.of());

  /** What a queue tells. */
  private static final class Watched implements DeliveryQueue.Watcher {
    final List<String> told = new ArrayList<>();

    @Override
    public void added(QueueEntry entry, Held message) {
      told.add("added " + entry.sequence());
    }

    @Override
    public void released(QueueEntry entry, Held message) {
      told.add("released " + entry.sequence() + " " + entry.released());
    }

    @Override
    public void removed(QueueEntry entry, Held message) {
      told.add("removed " + entry.sequence());
    }
  }

  private static DeliveryQueue queue(DeliveryQueue.Watcher watcher) {
    return new DeliveryQueue(new AllQueues(new NoChanges()), watcher);
  }

  private QueueEntry add() {
    return queue.add(delivery, Optional.empty());
  }

  private static List<Long> sequences(List<QueueEntry> entries) {
    return entries.stream().map(QueueEntry::sequence).toList();
  }

  @Test
  void givenEntries_whenTheyChange_thenTold() {
    add();
    add();
    queue.release(0);
    queue.release(0);
    queue.acknowledge(1);
    queue.remove(7);
    queue.close();

    assertThat(watched.told).containsExactly("added 0", "added 1", "released 0 true", "removed 1");
  }

  @Test
  void givenEntries_whenTheSessionEnds_thenNothingOfThemIsHeld() {
    var kept = add();
    add();

    queue.close();

    assertThat(queue.all()).isEmpty();
    assertThat(queue.get(kept.sequence())).isNull();
    queue.acknowledge(0);
    queue.release(1);
    assertThat(queue.removeOldestUnsent()).isNull();
  }

  @Test
  void givenRestored_whenGoneOn_thenWindowAndSequencesAreAsBefore() {
    for (int i = 0; i < 10; i++) {
      add();
    }
    queue.widen(4);
    queue.release(1);
    queue.widen(4);
    queue.acknowledge(0);
    var restored = queue(new Watched());
    for (var entry : queue.all()) {
      restored.restore(entry, new Held(entry.delivery().message()));
    }

    restored.restoreWindow(queue.windowEnd(), queue.nextSequence());

    assertThat(restored.all()).isEqualTo(queue.all());
    assertThat(restored.unsent()).isEqualTo(queue.unsent());
    assertThat(restored.windowEnd()).isEqualTo(queue.windowEnd());
    for (int maximum = 1; maximum < 8; maximum++) {
      assertThat(restored.windowIsOpen(maximum)).isEqualTo(queue.windowIsOpen(maximum));
    }
    restored.openWindow();
    assertThat(restored.unsent()).isEmpty();
    assertThat(restored.add(delivery, Optional.empty()).sequence()).isEqualTo(10);
  }

  @Test
  void givenEmpty_whenAsked_thenNothing() {
    assertThat(queue.get(0)).isNull();
    assertThat(queue.remove(0)).isNull();
    assertThat(queue.removeOldestUnsent()).isNull();
    assertThat(queue.all()).isEmpty();
    queue.release(0);
    queue.widen(10);
    assertThat(queue.windowEnd()).isZero();
  }

  @Test
  void givenEntries_whenAcknowledgedInAnyOrder_thenTheOthersStayInOrder() {
    for (int i = 0; i < 100; i++) {
      add();
    }
    for (long sequence : new long[] {50, 0, 99, 1, 98}) {
      assertThat(queue.remove(sequence)).extracting(QueueEntry::sequence).isEqualTo(sequence);
      assertThat(queue.remove(sequence)).isNull();
    }

    assertThat(queue.size()).isEqualTo(95);
    assertThat(sequences(queue.all())).isSorted().doesNotContain(0L, 1L, 50L, 98L, 99L);
    assertThat(add().sequence()).isEqualTo(100);
    assertThat(queue.bytes()).isEqualTo(96 * delivery.message().sizeBytes());
  }

  @Test
  void givenOldEntryNeverAcknowledged_whenAMillionPassBehindIt_thenStillFewSlots() {
    add();
    queue.widen(1);
    for (int i = 0; i < 1_000_000; i++) {
      var entry = add();
      if (i >= 10) {
        assertThat(queue.removeOldestUnsent())
            .extracting(QueueEntry::sequence)
            .isEqualTo(entry.sequence() - 10);
      }
    }

    assertThat(queue.size()).isEqualTo(11);
    assertThat(queue.get(0)).isNotNull();
    assertThat(queue.get(999_999)).isNotNull();
    assertThat(queue.get(500)).isNull();
    assertThat(queue.get(2_000_000)).isNull();
  }

  @Test
  void givenWindow_whenItGrows_thenByTheReceiveMaximumAndAcknowledgements() {
    for (int i = 0; i < 10; i++) {
      add();
    }
    queue.widen(3);
    assertThat(queue.windowEnd()).isEqualTo(3);
    assertThat(queue.windowIsOpen(3)).isFalse();
    assertThat(queue.windowIsOpen(4)).isTrue();

    queue.remove(1);
    queue.widen(3);
    assertThat(queue.windowEnd()).isEqualTo(4);

    queue.release(0);
    queue.release(0);
    queue.widen(3);
    assertThat(queue.windowEnd()).isEqualTo(5);
    queue.remove(0);
    queue.widen(3);
    assertThat(queue.windowEnd()).isEqualTo(5);
    assertThat(sequences(queue.unsent())).containsExactly(5L, 6L, 7L, 8L, 9L);
    assertThat(queue.removeOldestUnsent()).extracting(QueueEntry::sequence).isEqualTo(5L);
  }

  @Test
  void givenEntryBehindTheWindow_whenItIsAnswered_thenTheWindowReachesToIt() {
    for (int i = 0; i < 5; i++) {
      add();
    }

    queue.acknowledge(2);

    assertThat(queue.windowEnd()).isEqualTo(3);
    assertThat(sequences(queue.unsent())).containsExactly(3L, 4L);
    assertThat(queue.windowIsOpen(2)).isFalse();
    queue.acknowledge(2);
    queue.acknowledge(77);
    assertThat(queue.size()).isEqualTo(4);
  }

  @Test
  void givenReleased_whenAsked_thenStartedAndReceived() {
    var entry = add();
    assertThat(queue.isStarted(entry)).isFalse();
    queue.widen(1);
    assertThat(queue.isStarted(entry)).isTrue();

    queue.release(0);

    assertThat(queue.get(0)).isEqualTo(entry.withReleased());
    assertThat(queue.isStarted(entry.withReleased())).isTrue();
  }

  @Test
  void givenRandomUse_whenComparedToAMap_thenTheSame() {
    for (int seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      var tested = queue(new Watched());
      var plain = new TreeMap<Long, QueueEntry>();
      long windowEnd = 0;
      int receiveMaximum = 1 + random.nextInt(20);
      for (int step = 0; step < 600; step++) {
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> {
            var entry = tested.add(delivery, Optional.empty());
            plain.put(entry.sequence(), entry);
          }
          case 3, 4 -> {
            long sequence = plain.isEmpty() ? 5 : pick(plain, random);
            assertThat(tested.remove(sequence)).isEqualTo(plain.remove(sequence));
          }
          case 5 -> {
            var oldest = plain.ceilingEntry(windowEnd);
            assertThat(tested.removeOldestUnsent())
                .isEqualTo(oldest == null ? null : plain.remove(oldest.getKey()));
          }
          case 6 -> {
            tested.widen(receiveMaximum);
            windowEnd = widened(plain, windowEnd, receiveMaximum);
          }
          default -> {
            long sequence = plain.isEmpty() ? 5 : pick(plain, random);
            tested.release(sequence);
            windowEnd = plain.isEmpty() ? windowEnd : Math.max(windowEnd, sequence + 1);
            plain.computeIfPresent(sequence, (key, entry) -> entry.withReleased());
          }
        }
        assertThat(tested.all()).as("seed %s", seed).isEqualTo(new ArrayList<>(plain.values()));
        assertThat(tested.size()).isEqualTo(plain.size());
        assertThat(tested.windowEnd()).isEqualTo(windowEnd);
        assertThat(tested.unsent()).isEqualTo(new ArrayList<>(plain.tailMap(windowEnd).values()));
      }
    }
  }

  private static long pick(NavigableMap<Long, QueueEntry> plain, Random random) {
    return plain.keySet().stream().skip(random.nextInt(plain.size())).findFirst().orElseThrow();
  }

  private static long widened(NavigableMap<Long, QueueEntry> plain, long windowEnd, int maximum) {
    long end = windowEnd;
    long inside = plain.headMap(end).values().stream().filter(each -> !each.released()).count();
    for (var entry : plain.tailMap(windowEnd).values()) {
      if (inside >= maximum) {
        break;
      }
      end = entry.sequence() + 1;
      inside++;
    }
    return end;
  }
}
