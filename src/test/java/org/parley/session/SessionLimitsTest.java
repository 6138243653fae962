package org.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.core.Crew;
import org.parley.core.RecordingConnection;
import org.parley.session.SessionLimits.Which;

/** Counts are exact, whoever comes and goes at the same time. */
class SessionLimitsTest {
  private static final String HERE = "192.0.2.1";

  private final ConcurrentSessionRegistry registry = new ConcurrentSessionRegistry(1_000_000);

  private static ClientSession session(String commonName, String clientType, String address) {
    return TestSessions.session(
        new ClientUri(commonName, clientType), new RecordingConnection(address));
  }

  private Association associate(SessionLimits limits, String name, String type, String address) {
    return registry.associate(session(name, type, address), limits);
  }

  @Test
  void givenLimitReached_whenAssociated_thenRefusedAndNothingChanges() {
    var limits = new SessionLimits(3, 2, 2);
    assertThat(associate(limits, "a", "one", HERE)).isInstanceOf(Association.Begun.class);
    assertThat(associate(limits, "a", "two", "192.0.2.2")).isInstanceOf(Association.Begun.class);
    var watch = registry.watch().watch();

    assertThat(associate(limits, "a", "three", "192.0.2.3"))
        .isEqualTo(new Association.Refused(Which.IDENTITY));
    assertThat(registry.size()).isEqualTo(2);
    assertThat(registry.tally().ofIdentity("a")).isEqualTo(2);
    assertThat(watch.poll(10)).isEmpty();

    assertThat(associate(limits, "b", "one", HERE)).isInstanceOf(Association.Begun.class);
    assertThat(associate(limits, "c", "one", "192.0.2.3"))
        .isEqualTo(new Association.Refused(Which.TOTAL));
  }

  @Test
  void givenAddressAtItsLimit_whenAssociatedFromItsNetwork_thenRefused() {
    var limits = new SessionLimits(0, 0, 1);
    assertThat(associate(limits, "a", "one", "2001:db8:0:0:1:0:0:1"))
        .isInstanceOf(Association.Begun.class);

    assertThat(associate(limits, "b", "one", "2001:db8:0:0:2:0:0:2"))
        .isEqualTo(new Association.Refused(Which.ADDRESS));
    assertThat(associate(limits, "b", "one", "2001:db8:0:1:2:0:0:2"))
        .isInstanceOf(Association.Begun.class);
  }

  @Test
  void givenSupersedingSession_whenItComesFromElsewhere_thenTheAddressesAreCountedAnew() {
    var limits = new SessionLimits(1, 1, 1);
    var old = session("a", "one", HERE);
    registry.associate(old, limits);

    assertThat(associate(limits, "a", "one", "192.0.2.2")).isInstanceOf(Association.Begun.class);
    registry.disassociate(old);

    assertThat(registry.tally().ofIdentity("a")).isEqualTo(1);
    assertThat(registry.tally().ofAddress(HERE)).isZero();
    assertThat(registry.tally().ofAddress("192.0.2.2")).isEqualTo(1);
  }

  @Test
  void givenRaceForTheLastPlaces_whenManyAssociate_thenExactlyThoseStay() {
    var limits = new SessionLimits(10, 0, 0);
    var begun = new AtomicInteger();

    Crew.run(
        32,
        thread -> {
          if (associate(limits, "c" + thread, "agent", HERE) instanceof Association.Begun) {
            begun.incrementAndGet();
          }
        });

    assertThat(begun).hasValue(10);
    assertThat(registry.size()).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void givenStormOfConnectsAndEnds_whenItIsOver_thenCountsAreThoseOfTheSessions(long seed) {
    var limits = new SessionLimits(40, 6, 20);
    Queue<ClientSession> others = new ConcurrentLinkedQueue<>();
    var overLimit = new AtomicInteger();

    Crew.run(
        8,
        thread -> {
          var random = new SplittableRandom(seed * 100 + thread);
          for (int i = 0; i < 5_000; i++) {
            step(limits, random, others);
            if (registry.size() > limits.total()) {
              overLimit.incrementAndGet();
            }
          }
        });

    assertThat(overLimit).hasValue(0);
    assertCountsMatch(limits);
    new ArrayList<>(registry.sessions()).forEach(registry::disassociate);
    assertThat(registry.tally().isEmpty()).isTrue();
  }

  private void step(SessionLimits limits, SplittableRandom random, Queue<ClientSession> others) {
    if (random.nextInt(5) < 3) {
      var session =
          session("c" + random.nextInt(8), "t" + random.nextInt(9), "192.0.2." + random.nextInt(4));
      registry.associate(session, limits);
      // Superseded, refused and ended sessions end again, by whatever thread.
      others.add(session);
    } else {
      var session = others.poll();
      if (session != null) {
        registry.disassociate(session);
        registry.disassociate(session);
      }
    }
  }

  private void assertCountsMatch(SessionLimits limits) {
    assertThat(registry.sessions()).isNotEmpty();
    for (int i = 0; i < 8; i++) {
      var name = "c" + i;
      int count =
          (int)
              registry.sessions().stream()
                  .filter(session -> session.uri().commonName().equals(name))
                  .count();
      assertThat(registry.tally().ofIdentity(name))
          .isEqualTo(count)
          .isLessThanOrEqualTo(limits.perIdentity());
    }
    for (int i = 0; i < 4; i++) {
      var address = "192.0.2." + i;
      int count =
          (int)
              registry.sessions().stream()
                  .filter(session -> session.connection().remoteAddress().equals(address))
                  .count();
      assertThat(registry.tally().ofAddress(address)).isEqualTo(count);
    }
  }
}
