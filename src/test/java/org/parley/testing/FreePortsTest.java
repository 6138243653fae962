package org.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortsTest {
  @Test
  void givenRange_whenAllAreTaken_thenEachOnceAndThenNone() {
    var ports = new FreePorts(100, 105, 7, port -> port != 103);

    assertThat(IntStream.range(0, 4).map(_ -> ports.next())).containsExactly(102, 104, 100, 101);
    assertThatIllegalStateException()
        .isThrownBy(ports::next)
        .withMessage("no free port from 100 to 104");
  }

  @Test
  void givenThisMachine_whenTaken_thenItCanBeListenedOnAndIsNoneOfTheSystemsOwn()
      throws IOException {
    int port = FreePorts.take();

    try (var listener = new ServerSocket(port);
        var chosenBySystem = new ServerSocket(0)) {
      assertThat(listener.isBound()).isTrue();
      assertThat(port).isLessThan(chosenBySystem.getLocalPort());
      assertThat(FreePorts.take()).isNotEqualTo(port);
    }
  }
}
