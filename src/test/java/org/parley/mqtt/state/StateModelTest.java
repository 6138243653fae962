package org.parley.mqtt.state;

import org.junit.jupiter.api.Test;

/** The machine beside a naive model, by seeds. */
class StateModelTest {
  private static final int SEQUENCES = Integer.getInteger("parley.model.sequences", 10_000);
  private static final int STEPS = 200;

  @Test
  void givenRandomClients_whenTheyDoWhatTheyMay_thenAsTheModelSays() {
    for (int seed = 0; seed < SEQUENCES; seed++) {
      ModelRun.run(seed, new ModelRun.InMemory(), STEPS);
    }
  }
}
