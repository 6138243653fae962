package org.parley.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.parley.core.CloseReason;
import org.parley.core.RecordingConnection;
import org.parley.limit.Excess.Limit;
import org.parley.session.ClientSession;
import org.parley.session.ClientUri;
import org.parley.session.TestSessions;

class DuelsTest {
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration PROBE = Duration.ofSeconds(2);
  private static final int BURST = 5;
  private static final String RIVAL = "192.0.2.66";

  private long now;
  private final Duels duels = new Duels(new Rate(1, INTERVAL, BURST), PROBE, 10, () -> now);
  private final RecordingConnection connection = new RecordingConnection();
  private final ClientSession current = session("twin", connection);

  private static ClientSession session(String commonName, RecordingConnection connection) {
    return TestSessions.session(new ClientUri(commonName, "agent"), connection);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private void useUp() {
    for (int i = 0; i < BURST; i++) {
      assertThat(duels.take(current, RIVAL)).isEmpty();
    }
  }

  @Test
  void givenUriTakenOverTooOften_whenTakenAgain_thenRefusedWithBothAddresses() {
    useUp();

    var excess = duels.take(current, RIVAL).orElseThrow();

    assertThat(excess.limit()).isEqualTo(Limit.DUEL);
    assertThat(excess.retryAfter()).isEqualTo(INTERVAL);
    assertThat(excess.detail())
        .isEqualTo("pcp://twin/agent is taken over too often, by 192.0.2.66 from 192.0.2.1");
  }

  @Test
  void givenDuel_whenTheIntervalHasPassed_thenOneTakeoverMore() {
    useUp();
    pass(INTERVAL.minusNanos(1));
    assertThat(duels.take(current, RIVAL)).isPresent();

    now++;

    assertThat(duels.take(current, RIVAL)).isEmpty();
    assertThat(duels.take(current, RIVAL)).isPresent();
  }

  @Test
  void givenDuelForOneUri_whenAnotherIsTakenOver_thenItMay() {
    useUp();

    assertThat(duels.take(session("other", new RecordingConnection()), RIVAL)).isEmpty();
  }

  @Test
  void givenTakeoverThatDoesNotHappen_whenGivenBack_thenNotCounted() {
    useUp();
    duels.giveBack(current);

    assertThat(duels.take(current, RIVAL)).isEmpty();
    assertThat(duels.take(current, RIVAL)).isPresent();
  }

  @Test
  void givenTakeoverOfADeadConnection_whenGivenBack_thenNothingWasTakenAndNothingIsGiven() {
    useUp();
    connection.close(CloseReason.IDLE);
    assertThat(duels.take(current, RIVAL)).isEmpty();

    duels.giveBack(current);

    assertThat(duels.take(session("twin", new RecordingConnection()), RIVAL)).isPresent();
  }

  @Test
  void givenRefusedTakeover_whenItIsTheFirst_thenTheHolderIsPinged() {
    useUp();
    assertThat(connection.pings()).isZero();

    assertThat(duels.take(current, RIVAL)).isPresent();

    assertThat(connection.pings()).isEqualTo(1);
  }

  @Test
  void givenPingUnderWay_whenMoreAreRefused_thenNoMorePings() {
    useUp();
    connection.meter().pinged(now);

    assertThat(duels.take(current, RIVAL)).isPresent();

    assertThat(connection.pings()).isZero();
  }

  @Test
  void givenMessagesThatWait_whenRefused_thenNoPingThatWouldWaitBehindThem() {
    useUp();
    connection.depth(1);

    assertThat(duels.take(current, RIVAL)).isPresent();

    assertThat(connection.pings()).isZero();
  }

  @Test
  void givenHolderThatOwesAPong_whenForTheProbeTime_thenTakenOverWithoutBeingCounted() {
    useUp();
    connection.meter().pinged(now);
    pass(PROBE.minusNanos(1));
    assertThat(duels.take(current, RIVAL)).isPresent();

    now++;

    for (int i = 0; i < 100; i++) {
      assertThat(duels.take(current, RIVAL)).isEmpty();
    }
  }

  @Test
  void givenHolderThatAnswersItsPing_whenLongSilentAfterIt_thenStillProtected() {
    useUp();
    connection.meter().pinged(now);
    connection.meter().ponged(now, now);
    pass(PROBE.multipliedBy(2));

    assertThat(duels.take(current, RIVAL)).isPresent();
  }

  @Test
  void givenHolderThatOwesAPongButSends_whenTaken_thenStillProtected() {
    useUp();
    connection.meter().pinged(now);
    pass(PROBE);
    connection.meter().heard(now);

    assertThat(duels.take(current, RIVAL)).isPresent();
  }

  @Test
  void givenHolderThatIsBeingClosed_whenTaken_thenItMay() {
    useUp();
    connection.close(CloseReason.IDLE);

    assertThat(duels.take(current, RIVAL)).isEmpty();
  }

  @Test
  void givenNoDamping_whenTakenAgainAndAgain_thenItMay() {
    var unlimited = new Duels(Rate.UNLIMITED, PROBE, 10, () -> now);

    for (int i = 0; i < 1_000; i++) {
      assertThat(unlimited.take(current, RIVAL)).isEmpty();
    }
    unlimited.giveBack(current);
    assertThat(connection.pings()).isZero();
  }
}
