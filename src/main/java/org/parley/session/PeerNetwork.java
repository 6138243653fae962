package org.parley.session;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The part of an IP address that stands for one site in limits: all of an IPv4 address, the first
 * 64 bits of an IPv6 address, since a site has at least so many to choose from (RFC 4291 section
 * 2.5.4).
 */
public final class PeerNetwork {
  private static final int GROUPS = 8;
  private static final int GROUPS_KEPT = 4;

  private PeerNetwork() {}

  /** Returns it for an address as text; what is no address stands for itself. */
  public static String of(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    int gap = address.indexOf("::");
    var groups =
        gap < 0
            ? groups(address)
            : Stream.concat(
                groups(address.substring(0, gap)), zeros(address.substring(0, gap), address, gap));
    return groups.limit(GROUPS_KEPT).collect(Collectors.joining(":", "", "::/64"));
  }

  private static Stream<String> groups(String part) {
    return part.isEmpty() ? Stream.of() : Stream.of(part.split(":", -1));
  }

  /** What {@code ::} stands for, and what follows it. */
  private static Stream<String> zeros(String before, String address, int gap) {
    var after = groups(address.substring(gap + 2)).toList();
    long missing = Math.max(0, GROUPS - groups(before).count() - after.size());
    return Stream.concat(Stream.generate(() -> "0").limit(missing), after.stream());
  }
}
