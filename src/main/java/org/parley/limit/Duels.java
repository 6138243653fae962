package org.parley.limit;

import java.time.Duration;
import java.util.Optional;
import org.parley.core.Ticker;
import org.parley.session.ClientSession;

/**
 * Damps peers that take one URI from each other by turns, such as two machines with a copy of one
 * certificate: each URI that is connected may be taken over so often, then whoever has it keeps it
 * for a while.
 *
 * <p>A client whose old connection is dead is not kept out: a newcomer that is refused makes the
 * broker ping the old connection, and one that owes a pong for too long may be taken over without
 * being counted. A peer that lives answers within a round trip.
 */
public final class Duels {
  private final TokenBuckets takeovers;
  private final Duration probe;
  private final Ticker ticker;

  /**
   * @param takeovers of one URI; unlimited: nothing is damped
   * @param probe a connection that owes a pong for so long is dead
   * @param mostKeys how many URIs are remembered
   */
  public Duels(Rate takeovers, Duration probe, int mostKeys, Ticker ticker) {
    this.takeovers = new TokenBuckets(takeovers, mostKeys, ticker);
    this.probe = probe;
    this.ticker = ticker;
  }

  /**
   * Counts one takeover of a URI that is connected.
   *
   * @param current who has the URI
   * @param newcomer the address that it would be taken over from
   * @return empty if it may be
   */
  Optional<Excess> take(ClientSession current, String newcomer) {
    if (dead(current)) {
      return Optional.empty();
    }
    var wait = takeovers.take(key(current));
    if (wait.isZero()) {
      return Optional.empty();
    }
    probe(current);
    return Optional.of(
        new Excess(
            Excess.Limit.DUEL,
            wait,
            current.uri()
                + " is taken over too often, by "
                + newcomer
                + " from "
                + current.connection().remoteAddress()));
  }

  /** The takeover does not happen; that of a dead connection was not counted. */
  void giveBack(ClientSession current) {
    if (!dead(current)) {
      takeovers.giveBack(key(current));
    }
  }

  private static String key(ClientSession session) {
    return session.uri().toString();
  }

  private boolean dead(ClientSession session) {
    var meter = session.connection().meter();
    long now = ticker.nanos();
    boolean silent = meter.silence(now).compareTo(probe) >= 0;
    boolean owes = meter.unansweredPing(now).filter(owed -> owed.compareTo(probe) >= 0).isPresent();
    return (silent && owes) || session.connection().closedFor().isPresent();
  }

  private void probe(ClientSession session) {
    var connection = session.connection();
    // Behind a message that still goes out a ping would wait, and prove nothing.
    if (connection.wire().queueDepth() == 0
        && connection.meter().unansweredPing(ticker.nanos()).isEmpty()) {
      connection.ping();
    }
  }
}
