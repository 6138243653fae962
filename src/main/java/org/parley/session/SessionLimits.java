package org.parley.session;

/**
 * How many sessions there may be at a time; 0 is unlimited.
 *
 * @param total of all peers
 * @param perIdentity with one common name, under whatever client_types
 * @param perAddress from one {@link PeerNetwork}
 */
public record SessionLimits(int total, int perIdentity, int perAddress) {
  public static final SessionLimits NONE = new SessionLimits(0, 0, 0);

  /** Which limit has been reached. */
  public enum Which {
    TOTAL,
    IDENTITY,
    ADDRESS
  }

  static boolean reached(int limit, int count) {
    return limit > 0 && count >= limit;
  }
}
