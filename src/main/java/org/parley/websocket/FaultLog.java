package org.parley.websocket;

import java.lang.System.Logger.Level;

/**
 * Where faults of our own code, and of endpoints, are told once each; peers' faults are counted.
 */
final class FaultLog {
  private static final System.Logger LOG = System.getLogger("org.parley.websocket");

  private FaultLog() {}

  static void handlerFailed(RuntimeException fault) {
    LOG.log(Level.ERROR, "A completion handler of an endpoint threw.", fault);
  }

  static void engineFailed(Throwable fault) {
    LOG.log(Level.ERROR, "The WebSocket engine threw; the connection is closed.", fault);
  }

  /** The engine says so by an exception when the endpoint closes at the same moment. */
  static void closedMeanwhile(IllegalStateException fault) {
    LOG.log(Level.DEBUG, "A WebSocket was closed twice at once.", fault);
  }

  static void handshakeFailed(RuntimeException fault) {
    LOG.log(Level.ERROR, "An opening handshake failed with an exception.", fault);
  }

  static void cannotCloseTcp(String container, Throwable cause) {
    LOG.log(
        Level.WARNING,
        "Cannot close TCP below an upgraded connection of "
            + container
            + "; such connections are closed by the container, or read until their end.",
        cause);
  }
}
