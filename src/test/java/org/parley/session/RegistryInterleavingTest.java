package org.parley.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.session.TestSessions.agent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.parley.core.Crew;

/** The registry against a naive model, and against itself on many threads. */
class RegistryInterleavingTest {
  private static final int CLIENTS = 5;
  private static final int STEPS = 2_000;

  private record Watcher(InventoryWatch watch, InventoryTally tally) {
    static Watcher open(SessionRegistry registry) {
      var opened = registry.watch();
      return new Watcher(opened.watch(), new InventoryTally(opened.clients()));
    }

    void poll(int most) {
      tally.add(watch.poll(most));
    }

    void pollAll() {
      for (var changes = watch.poll(999); !changes.isEmpty(); changes = watch.poll(999)) {
        tally.add(changes);
      }
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void givenRandomSteps_whenCompared_thenAsTheModelSaysAndEverySumIsRight(long seed) {
    var random = new SplittableRandom(seed);
    var registry = new ConcurrentSessionRegistry(Integer.MAX_VALUE);
    var model = new HashMap<ClientUri, ClientSession>();
    var everMade = new ArrayList<ClientSession>();
    var watchers = new ArrayList<Watcher>();
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          var session = agent("c" + random.nextInt(CLIENTS));
          everMade.add(session);
          assertThat(registry.associate(session).orElse(null))
              .isSameAs(model.put(session.uri(), session));
        }
        case 2, 3 -> {
          if (!everMade.isEmpty()) {
            var session = everMade.get(random.nextInt(everMade.size()));
            assertThat(registry.disassociate(session))
                .isEqualTo(model.remove(session.uri(), session));
          }
        }
        case 4 -> {
          watchers.add(Watcher.open(registry));
          assertThat(watchers.getLast().tally.clients()).isEqualTo(model.keySet());
        }
        default -> {
          if (!watchers.isEmpty()) {
            var watcher = watchers.get(random.nextInt(watchers.size()));
            if (random.nextInt(10) == 0) {
              watcher.watch.close();
              watchers.remove(watcher);
            } else {
              watcher.poll(random.nextInt(1, 10));
            }
          }
        }
      }
      assertThat(registry.size()).isEqualTo(model.size());
    }
    assertThat(byUri(registry)).isEqualTo(model);
    for (var watcher : watchers) {
      watcher.pollAll();
      assertThat(watcher.tally.clients()).isEqualTo(model.keySet());
    }
  }

  @Test
  void givenHundredThreads_whenTheyRaceForOneUri_thenExactlyOneIsLeftAndAllOthersSuperseded() {
    var registry = new ConcurrentSessionRegistry(1_000);
    var watcher = Watcher.open(registry);
    var superseded = new ConcurrentLinkedQueue<ClientSession>();
    var made = new ConcurrentLinkedQueue<ClientSession>();

    Crew.run(
        100,
        _ -> {
          var session = agent("raced");
          made.add(session);
          registry.associate(session).ifPresent(superseded::add);
        });

    var winner = registry.find(Objects.requireNonNull(made.peek()).uri()).orElseThrow();
    assertThat(registry.sessions()).containsExactly(winner);
    assertThat(superseded).hasSize(99).doesNotHaveDuplicates().doesNotContain(winner);
    watcher.pollAll();
    assertThat(watcher.tally.clients()).containsExactly(winner.uri());
  }

  @Test
  void givenManyThreads_whenAllIsQuiet_thenEveryWatchAddsUpToTheRegistry() {
    var registry = new ConcurrentSessionRegistry(Integer.MAX_VALUE);
    var watchers = new ConcurrentLinkedQueue<Watcher>();
    var won = new AtomicInteger();
    var lost = new AtomicInteger();

    Crew.run(
        8,
        thread -> {
          var random = new SplittableRandom(thread);
          if (thread < 2) {
            watch(registry, watchers);
            return;
          }
          var mine = new ArrayList<ClientSession>();
          for (int i = 0; i < 10_000; i++) {
            if (random.nextBoolean() || mine.isEmpty()) {
              var session = agent("c" + random.nextInt(20));
              mine.add(session);
              won.incrementAndGet();
              registry.associate(session).ifPresent(_ -> lost.incrementAndGet());
            } else if (registry.disassociate(mine.remove(random.nextInt(mine.size())))) {
              lost.incrementAndGet();
            }
          }
        });

    assertThat(registry.size()).isEqualTo(won.get() - lost.get());
    assertThat(watchers).hasSizeGreaterThan(2);
    for (var watcher : watchers) {
      watcher.pollAll();
      assertThat(watcher.tally.clients()).isEqualTo(byUri(registry).keySet());
    }
  }

  private static void watch(SessionRegistry registry, ConcurrentLinkedQueue<Watcher> watchers) {
    var mine = new ArrayList<Watcher>();
    for (int i = 0; i < 200; i++) {
      mine.add(Watcher.open(registry));
      mine.forEach(watcher -> watcher.poll(5));
      if (mine.size() > 10) {
        mine.removeFirst().watch.close();
      }
    }
    watchers.addAll(List.copyOf(mine));
  }

  private static Map<ClientUri, ClientSession> byUri(SessionRegistry registry) {
    return registry.sessions().stream()
        .collect(Collectors.toMap(ClientSession::uri, session -> session));
  }
}
