package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class MemoryReadingTest {
  /** In this process: of the collector that it has, whichever that is. */
  @Test
  void givenHeap_whenReadAfterACollection_thenAShareThatIsNoMoreThanWhatIsInUse() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();

    double share = new MemoryReading(() -> 0).getAsDouble();

    assertThat(share).isPositive().isLessThan(1);
  }

  @Test
  void givenBuffersThatAreFuller_whenRead_thenTheirShareCounts() {
    assertThat(new MemoryReading(() -> 1.5).getAsDouble()).isEqualTo(1.5);
  }
}
