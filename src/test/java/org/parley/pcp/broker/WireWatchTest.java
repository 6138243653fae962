package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.pcp.broker.BrokerFixture.peer;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.parley.core.CloseReason;
import org.parley.core.RecordingConnection;
import org.parley.session.ClientSession;
import org.parley.session.ClientUri;
import org.parley.session.Protocol;
import org.parley.session.TestSessions;

class WireWatchTest {
  private static final Duration PING = Duration.ofSeconds(30);
  private static final Duration PONG = Duration.ofSeconds(90);
  private static final Duration IDLE = Duration.ofMinutes(6);

  private final BrokerFixture fixture = new BrokerFixture();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long nanos = 5_000;
  private final WireWatch watch = watch(PING);
  private final RecordingConnection wire = new RecordingConnection(nanos);
  private final ClientSession session = fixture.connect("client01", "agent", wire);

  private WireWatch watch(Duration pingInterval) {
    return new WireWatch(
        fixture.registry,
        new WireWatch.Timing(pingInterval, PONG, IDLE),
        fixture.broker,
        () -> now,
        () -> nanos);
  }

  private void later(Duration time) {
    now = now.plus(time);
    nanos += time.toNanos();
  }

  /** As a connection does, which the fake cannot: it has no clock. */
  private void sweepAndPing() {
    int pings = wire.pings();
    watch.sweep();
    if (wire.pings() > pings) {
      wire.meter().pinged(nanos);
    }
  }

  @Test
  void givenPeerHeardJustNow_whenSwept_thenLeftAlone() {
    later(PING.minusMillis(1));

    watch.sweep();

    assertThat(wire.pings()).isZero();
    assertThat(wire.closedFor()).isEmpty();
  }

  @Test
  void givenSilentPeer_whenSweptAgainAndAgain_thenPingedOnce() {
    later(PING);
    for (int i = 0; i < 10; i++) {
      sweepAndPing();
      later(Duration.ofSeconds(1));
    }

    assertThat(wire.pings()).isEqualTo(1);
  }

  @Test
  void givenPing_whenThePongComes_thenMeasuredAndNotPingedUntilSilentAgain() {
    later(PING);
    sweepAndPing();
    long sent = nanos;
    later(Duration.ofMillis(20));
    wire.meter().ponged(sent, nanos);

    sweepAndPing();
    assertThat(wire.pings()).isEqualTo(1);
    assertThat(wire.meter().roundTrip()).contains(Duration.ofMillis(20));

    later(PING);
    sweepAndPing();
    assertThat(wire.pings()).isEqualTo(2);
  }

  @Test
  void givenUnansweredPing_whenItIsOwedTooLong_thenThePeerIsDead() {
    later(PING);
    sweepAndPing();
    later(PONG.minusMillis(1));
    sweepAndPing();
    assertThat(wire.closedFor()).isEmpty();

    later(Duration.ofMillis(1));
    sweepAndPing();

    assertThat(wire.closedFor()).contains(CloseReason.IDLE);
    assertThat(fixture.registry.isCurrent(session)).isFalse();
  }

  @Test
  void givenPeerThatOwesAPong_whenItTalksMeanwhile_thenItIsAlive() {
    later(PING);
    sweepAndPing();
    later(PONG);
    wire.meter().received(1, nanos);

    watch.sweep();

    assertThat(wire.closedFor()).isEmpty();
  }

  @Test
  void givenNoPings_whenAPeerIsSilentForTheIdleTimeout_thenDead() {
    var withoutPings = watch(Duration.ZERO);
    later(IDLE.minusMillis(1));
    withoutPings.sweep();
    assertThat(wire.closedFor()).isEmpty();

    later(Duration.ofMillis(1));
    withoutPings.sweep();

    assertThat(wire.pings()).isZero();
    assertThat(wire.closedFor()).contains(CloseReason.IDLE);
    assertThat(fixture.counters.endings()).containsEntry("Idle timeout.", 1L);
  }

  @Test
  void givenPeerThatSendsSomething_whenSwept_thenNotIdle() {
    later(IDLE);
    wire.meter().received(1, nanos);

    watch.sweep();

    assertThat(wire.closedFor()).isEmpty();
  }

  @Test
  void givenCertificateThatEnds_whenSweptAfterwards_thenTheSessionEnds() {
    var connection = new RecordingConnection(nanos);
    var expiring =
        fixture.broker.associate(
            new ClientUri("client02", "agent"),
            TestSessions.principal("client02", now.plusSeconds(10)),
            Protocol.PCP_V2,
            connection);
    later(Duration.ofSeconds(10));
    watch.sweep();
    assertThat(connection.closedFor()).isEmpty();

    later(Duration.ofMillis(1));
    watch.sweep();

    assertThat(connection.closedFor()).contains(CloseReason.CERTIFICATE_EXPIRED);
    assertThat(fixture.registry.isCurrent(expiring)).isFalse();
    assertThat(wire.closedFor()).isEmpty();
  }

  @Test
  void givenClockThatJumps_whenSwept_thenNobodyIsSilent() {
    now = now.plus(Duration.ofHours(1));

    watch.sweep();

    assertThat(wire.closedFor()).isEmpty();
    assertThat(wire.pings()).isZero();
  }

  @Test
  void givenNoSweepYet_whenAsked_thenNothingSeen() {
    assertThat(watch.summary()).isEqualTo(new WireWatch.Summary(Map.of(), Duration.ZERO, 0, nanos));
  }

  @Test
  void givenSessions_whenSwept_thenSummedUpWithoutTheDead() {
    later(IDLE.minusSeconds(5));
    peer(fixture.connect("client02", "agent", new RecordingConnection(nanos))).congested(true);
    fixture.connect("client03", "agent", new RecordingConnection(nanos));
    later(Duration.ofSeconds(5));

    watch.sweep();

    assertThat(watch.summary())
        .isEqualTo(
            new WireWatch.Summary(Map.of(Protocol.PCP_V2, 2), Duration.ofSeconds(5), 1, nanos));
  }

  @Test
  void givenMixedProtocols_whenSwept_thenCountedApart() {
    fixture.broker.associate(
        new ClientUri("client02", "agent"),
        TestSessions.principal("client02"),
        Protocol.PCP_V1,
        new RecordingConnection(nanos));

    watch.sweep();

    assertThat(watch.summary().sessions())
        .isEqualTo(Map.of(Protocol.PCP_V1, 1, Protocol.PCP_V2, 1));
  }
}
