package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The whole broker beside a naive model, by seeds: random clients that send bytes, and a network in
 * which everything that can happen next may. Each packet that the broker writes is one that the
 * model expects, and at the end nothing is owed.
 */
class BrokerModelTest {
  private static final int SEQUENCES = Integer.getInteger("parley.model.sequences", 10_000);
  private static final int FIRST = Integer.getInteger("parley.model.first", 0);
  private static final int STEPS = 200;

  /** With so many sequences everything comes about. */
  private static final int ENOUGH = 1_000;

  private static final String[] CLIENTS = {"a", "b", "c", "d"};

  /** One sequence. */
  private static final class Run {
    private final Random random;
    private final Network network;
    private final List<RandomClient> clients = new ArrayList<>();
    private int step;

    Run(long seed, History history, Map<Sighting, Integer> seen) {
      random = new Random(seed);
      network = new Network(random, history, seen);
      var words = new Vocabulary(random);
      for (var clientId : CLIENTS) {
        clients.add(new RandomClient(clientId, random, network, words));
      }
    }

    void run() {
      for (step = 0; step < STEPS; step++) {
        step();
      }
      network.tidy();
      network.settle(clients);
      for (int i = 0; i < CLIENTS.length; i++) {
        if (network.isAway(CLIENTS[i])) {
          clients.get(i).connect(true);
        }
      }
      network.settle(clients);
      network.finish();
    }

    private void step() {
      var client = clients.get(random.nextInt(clients.size()));
      if (client.isConnected()) {
        client.act();
      } else if (random.nextInt(4) == 0) {
        client.connect(false);
      }
      int kind = random.nextInt(40);
      if (kind < 3) {
        network.pass(Duration.ofMillis(random.nextInt(3_000)));
      } else if (kind == 3) {
        network.settle(List.of());
      }
      for (int moves = random.nextInt(6); moves > 0 && network.move(); moves--) {}
    }
  }

  @Test
  void givenRandomClients_whenTheySpeakMqtt_thenTheBrokerAnswersAsTheModelSays() {
    var seen = new EnumMap<Sighting, Integer>(Sighting.class);
    for (long seed = FIRST; seed < FIRST + SEQUENCES; seed++) {
      run(seed, seen);
    }
    if (SEQUENCES >= ENOUGH) {
      assertThat(seen).containsOnlyKeys(Sighting.values());
    }
  }

  /** Runs one sequence; if it fails, once more, to tell what has happened. */
  static void run(long seed, Map<Sighting, Integer> seen) {
    var run = new Run(seed, new History(false), seen);
    try {
      run.run();
    } catch (AssertionError | RuntimeException fault) {
      var history = new History(true);
      try {
        new Run(seed, history, new EnumMap<>(Sighting.class)).run();
      } catch (AssertionError | RuntimeException again) {
        throw new AssertionError(
            "seed %d, step %d: %s%n  %s".formatted(seed, run.step, again.getMessage(), history),
            fault);
      }
      throw new AssertionError("seed " + seed + ": it fails once, and not again", fault);
    }
  }
}
