package org.parley.policy;

import java.util.Optional;

/**
 * A network of IPv4 or IPv6 addresses, or one address. A network of IPv4 is that of the mapped
 * addresses, whichever way it is written; a network of IPv6 has no address of IPv4 in it.
 */
public final class Network {
  private static final int V6_BITS = 128;
  private static final int V4_BITS = 32;
  static final int MAPPED_BITS = V6_BITS - V4_BITS;

  private final String text;
  private final IpAddress base;
  private final int bits;

  private Network(String text, IpAddress base, int bits) {
    this.text = text;
    this.base = base;
    this.bits = bits;
  }

  /** Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or an address without a length. */
  public static Optional<Network> parse(String text) {
    int slash = text.indexOf('/');
    var address = slash < 0 ? text : text.substring(0, slash);
    if (address.indexOf('%') >= 0) {
      return Optional.empty();
    }
    return IpAddress.parse(address)
        .flatMap(
            base -> {
              boolean short4 = address.indexOf(':') < 0;
              int most = short4 ? V4_BITS : V6_BITS;
              int length = slash < 0 ? most : length(text.substring(slash + 1), most);
              int bits = short4 ? length + MAPPED_BITS : length;
              return length >= 0 && base.prefix(bits).equals(base)
                  ? Optional.of(new Network(text, base, bits))
                  : Optional.empty();
            });
  }

  private static int length(String digits, int most) {
    if (!digits.matches("0|[1-9][0-9]{0,2}")) {
      return -1;
    }
    int length = Integer.parseInt(digits);
    return length <= most ? length : -1;
  }

  /** Returns whether a numeric address is in it; a zone ({@code %eth0}) is left out. */
  public boolean contains(String address) {
    return IpAddress.parse(address).filter(this::contains).isPresent();
  }

  /** Returns whether it has every address of IPv4, or of IPv6, in it. */
  public boolean isAll() {
    return bits == 0 || (bits == MAPPED_BITS && base.isV4());
  }

  boolean contains(IpAddress address) {
    boolean ofV4 = bits >= MAPPED_BITS && base.isV4();
    return address.isV4() == ofV4 && address.prefix(bits).equals(base);
  }

  /** Returns its first address. */
  IpAddress base() {
    return base;
  }

  /** Returns how many bits all its addresses have in common, of 128. */
  int bits() {
    return bits;
  }

  /** Returns the network as written. */
  @Override
  public String toString() {
    return text;
  }
}
