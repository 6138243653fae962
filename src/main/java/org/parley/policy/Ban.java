package org.parley.policy;

import java.time.Instant;

/**
 * One line of a ban list.
 *
 * @param line from 1
 * @param until when it is over; {@link Instant#MAX}: never
 */
public record Ban(int line, Instant until) {
  boolean inForce(Instant now) {
    return now.isBefore(until);
  }

  /** Of two bans of one peer the one that ends later. */
  static Ban later(Ban one, Ban other) {
    return other.until.isAfter(one.until) ? other : one;
  }

  /** Returns the place of it, for logs; never sent to a peer. */
  @Override
  public String toString() {
    return "line " + line + " of the ban list";
  }
}
