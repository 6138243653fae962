package org.parley.pcp.broker;

import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import org.parley.core.CloseReason;
import org.parley.core.Ticker;
import org.parley.session.ClientSession;
import org.parley.session.Protocol;
import org.parley.session.SessionRegistry;

/**
 * Watches every wire: pings silent peers, ends dead ones and those whose certificate has expired,
 * and sums up what it saw. A timer calls {@link #sweep} about once a second.
 */
public final class WireWatch {
  /**
   * When a wire counts as silent, and when as dead.
   *
   * @param pingInterval a peer silent for so long is pinged; zero: never
   * @param pongTimeout a peer that owes a pong for so long is dead
   * @param idleTimeout a peer silent for so long is dead, pinged or not
   */
  public record Timing(Duration pingInterval, Duration pongTimeout, Duration idleTimeout) {}

  /**
   * What the last sweep saw.
   *
   * @param sessions how many sessions speak each protocol
   * @param longestSilence of the peer that has been silent longest; zero when there is none
   * @param congested how many connections have an outbound queue over half full
   * @param sweptAtNanos when
   */
  public record Summary(
      Map<Protocol, Integer> sessions, Duration longestSilence, int congested, long sweptAtNanos) {}

  private final SessionRegistry registry;
  private final Timing timing;
  private final PcpBroker broker;
  private final InstantSource clock;
  private final Ticker ticker;
  private volatile Summary summary;

  public WireWatch(
      SessionRegistry registry,
      Timing timing,
      PcpBroker broker,
      InstantSource clock,
      Ticker ticker) {
    this.registry = registry;
    this.timing = timing;
    this.broker = broker;
    this.clock = clock;
    this.ticker = ticker;
    this.summary = new Summary(Map.of(), Duration.ZERO, 0, ticker.nanos());
  }

  /** Looks at every session once. */
  public void sweep() {
    var now = clock.instant();
    long nowNanos = ticker.nanos();
    var sessions = new EnumMap<Protocol, Integer>(Protocol.class);
    var longestSilence = Duration.ZERO;
    int congested = 0;
    for (var session : registry.sessions()) {
      var silence = session.connection().meter().silence(nowNanos);
      if (session.principal().notAfter().isBefore(now)) {
        broker.end(session, CloseReason.CERTIFICATE_EXPIRED);
      } else if (dead(session, silence, nowNanos)) {
        broker.end(session, CloseReason.IDLE);
      } else {
        sessions.merge(session.protocol(), 1, Integer::sum);
        longestSilence = silence.compareTo(longestSilence) > 0 ? silence : longestSilence;
        congested += session.connection().congested() ? 1 : 0;
        pingIfSilent(session, silence, nowNanos);
      }
    }
    summary = new Summary(Map.copyOf(sessions), longestSilence, congested, nowNanos);
  }

  /** Returns what the last sweep saw; never blocks. */
  public Summary summary() {
    return summary;
  }

  private boolean dead(ClientSession session, Duration silence, long nowNanos) {
    return silence.compareTo(timing.idleTimeout) >= 0
        || session
            .connection()
            .meter()
            .unansweredPing(nowNanos)
            .filter(owed -> owed.compareTo(timing.pongTimeout) >= 0)
            .filter(_ -> silence.compareTo(timing.pongTimeout) >= 0)
            .isPresent();
  }

  private void pingIfSilent(ClientSession session, Duration silence, long nowNanos) {
    boolean due = timing.pingInterval.isPositive() && silence.compareTo(timing.pingInterval) >= 0;
    // Behind a message that still goes out it would wait; a write without progress ends by itself.
    boolean idle = session.connection().wire().queueDepth() == 0;
    if (due && idle && session.connection().meter().unansweredPing(nowNanos).isEmpty()) {
      session.connection().ping();
    }
  }
}
