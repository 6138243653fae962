package org.parley.limit;

import java.time.Duration;

/**
 * A limit that a newcomer is over.
 *
 * @param retryAfter when it is worth to try again; positive
 * @param detail one log-safe line
 */
public record Excess(Limit limit, Duration retryAfter, String detail) {
  /** Which one. */
  public enum Limit {
    CONNECTIONS,
    IDENTITY_CONNECTIONS,
    ADDRESS_CONNECTIONS,
    RATE,
    IDENTITY_RATE,
    ADDRESS_RATE,
    DUEL,
    FLAPPING,
    MEMORY,
    LOGINS
  }
}
