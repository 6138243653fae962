package org.parley.websocket;

/**
 * For how long a client's message has been on its way. Stopped while input is processed: an
 * endpoint may hold its peer, and that is not the peer's slowness. The reader writes, the watchdog
 * reads.
 */
final class InputClock {
  private static final long NONE = Long.MIN_VALUE;

  private volatile long shownNanos = NONE;
  private long sinceNanos = NONE;
  private long ended;

  /** Input is about to be processed. */
  void suspend() {
    shownNanos = NONE;
  }

  /** Input has been processed. */
  void resume(InboundFrames frames, long now) {
    if (!frames.unfinished()) {
      sinceNanos = NONE;
    } else if (sinceNanos == NONE || ended != frames.ended()) {
      sinceNanos = now;
    }
    ended = frames.ended();
    shownNanos = sinceNanos;
  }

  /** Returns for how long; 0 when none is. */
  long unfinishedNanos(long now) {
    long since = shownNanos;
    return since == NONE ? 0 : Math.max(0, now - since);
  }
}
