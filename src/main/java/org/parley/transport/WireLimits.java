package org.parley.transport;

import java.time.Duration;

/**
 * What one wire may hold.
 *
 * @param lowWaterBytes a wire that is not writable is writable again when no more than this waits
 *     to be sent
 * @param highWaterBytes a wire is not writable while more than this waits to be sent
 * @param mostUnsentBytes a wire on which more than this waits is aborted by the next write: who
 *     writes has not heeded the two above
 * @param finish how long the peer may take to close after {@code finish()}
 */
public record WireLimits(
    int lowWaterBytes, int highWaterBytes, long mostUnsentBytes, Duration finish) {
  public WireLimits {
    if (lowWaterBytes < 0 || highWaterBytes < lowWaterBytes || mostUnsentBytes < highWaterBytes) {
      throw new IllegalArgumentException(
          "low %d, high %d, most %d bytes"
              .formatted(lowWaterBytes, highWaterBytes, mostUnsentBytes));
    }
  }
}
