package org.parley.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.parley.limit.Excess.Limit;

class OpenConnectionsTest {
  private static final String HERE = "192.0.2.1";

  private static Optional<Limit> open(OpenConnections open, String identity, String address) {
    return open.open(Optional.of(identity), address, false).map(Excess::limit);
  }

  @Test
  void givenIdentityAtItsLimit_whenOneGoes_thenOneMayCome() {
    var open = new OpenConnections(2, 0);
    assertThat(open(open, "a", HERE)).isEmpty();
    assertThat(open(open, "a", HERE)).isEmpty();

    assertThat(open(open, "a", "192.0.2.2")).contains(Limit.IDENTITY_CONNECTIONS);
    assertThat(open(open, "b", HERE)).isEmpty();
    open.closed(Optional.of("a"), HERE);

    assertThat(open(open, "a", HERE)).isEmpty();
  }

  @Test
  void givenAddressAtItsLimit_whenRefused_thenTheIdentityHasNotPaid() {
    var open = new OpenConnections(1, 1);
    assertThat(open(open, "a", HERE)).isEmpty();

    assertThat(open(open, "b", HERE)).contains(Limit.ADDRESS_CONNECTIONS);

    assertThat(open(open, "b", "192.0.2.2")).isEmpty();
  }

  @Test
  void givenNoIdentity_whenOpened_thenItsAddressAloneCounts() {
    var open = new OpenConnections(1, 2);

    assertThat(open.open(Optional.empty(), HERE, false)).isEmpty();
    assertThat(open.open(Optional.empty(), HERE, false)).isEmpty();
    assertThat(open.open(Optional.empty(), HERE, false)).isPresent();
  }

  @Test
  void givenConnectionThatReplacesOne_whenAtTheLimit_thenNotRefused() {
    var open = new OpenConnections(1, 1);
    assertThat(open(open, "a", HERE)).isEmpty();

    assertThat(open.open(Optional.of("a"), HERE, true)).isEmpty();
    open.closed(Optional.of("a"), HERE);

    assertThat(open(open, "a", HERE)).contains(Limit.IDENTITY_CONNECTIONS);
  }

  @Test
  void givenManyAtOnce_whenTheLimitIsReached_thenExactlyAsManyAreLetIn() throws Exception {
    var open = new OpenConnections(10, 0);
    var letIn = new AtomicInteger();
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 200; i++) {
        threads.execute(
            () -> {
              if (open(open, "a", HERE).isEmpty()) {
                letIn.incrementAndGet();
              }
            });
      }
      threads.shutdown();
      assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(letIn).hasValue(10);

    for (int i = 0; i < 10; i++) {
      open.closed(Optional.of("a"), HERE);
    }
    assertThat(open.size()).isZero();
  }
}
