package org.parley.websocket;

import java.util.concurrent.atomic.LongAdder;
import org.parley.websocket.protocol.FrameViolation;

/** Counters of one application's WebSocket connections since it started. */
public final class WebSocketStatistics {
  /** The servlet context attribute under which the adapter leaves its counters. */
  public static final String ATTRIBUTE = "org.parley.websocket.statistics";

  private final LongAdder upgrades = new LongAdder();
  private final LongAdder closed = new LongAdder();
  private final LongAdder protocolErrors = new LongAdder();
  private final LongAdder tooBig = new LongAdder();
  private final LongAdder writeTimeouts = new LongAdder();
  private final LongAdder messageTimeouts = new LongAdder();
  private final LongAdder aborts = new LongAdder();
  private final LongAdder budgetCloses = new LongAdder();

  /** Connections upgraded. */
  public long upgrades() {
    return upgrades.sum();
  }

  /** Connections open now. */
  public long open() {
    return Math.max(0, upgrades.sum() - closed.sum());
  }

  /** Connections closed because the peer broke RFC 6455 or sent the wrong kind of data. */
  public long protocolErrors() {
    return protocolErrors.sum();
  }

  /** Connections closed because a frame or message was over its limit. */
  public long tooBig() {
    return tooBig.sum();
  }

  /** Connections aborted because a write made no progress. */
  public long writeTimeouts() {
    return writeTimeouts.sum();
  }

  /** Connections closed because a message took too long to come in. */
  public long messageTimeouts() {
    return messageTimeouts.sum();
  }

  /** Connections that ended without a completed closing handshake. */
  public long aborts() {
    return aborts.sum();
  }

  /** Connections closed because the inbound budget was spent. */
  public long budgetCloses() {
    return budgetCloses.sum();
  }

  void upgraded() {
    upgrades.increment();
  }

  void ended(boolean closingHandshakeCompleted) {
    closed.increment();
    if (!closingHandshakeCompleted) {
      aborts.increment();
    }
  }

  void violated(FrameViolation violation) {
    (violation.code() == FrameViolation.TOO_BIG ? tooBig : protocolErrors).increment();
  }

  void writeTimedOut() {
    writeTimeouts.increment();
  }

  void messageTimedOut() {
    messageTimeouts.increment();
  }

  void budgetSpent() {
    budgetCloses.increment();
  }
}
