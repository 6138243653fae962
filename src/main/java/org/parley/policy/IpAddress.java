package org.parley.policy;

import java.util.Optional;

/**
 * An address of IPv4 or IPv6 in 128 bits. One of IPv4 is what IPv6 maps it to ({@code
 * ::ffff:a.b.c.d}, RFC 4291 section 2.5.5.2), so both spellings are one address.
 */
record IpAddress(long high, long low) {
  private static final long MAPPED = 0xFFFF_0000_0000L;
  private static final int GROUPS = 8;

  /** Reads an address as text; a zone ({@code %eth0}) is left out. */
  static Optional<IpAddress> parse(String text) {
    int zone = text.indexOf('%');
    var address = zone > 0 ? text.substring(0, zone) : text;
    return address.indexOf(':') >= 0 ? parseV6(address) : parseV4(address);
  }

  boolean isV4() {
    return high == 0 && low >>> 32 == MAPPED >>> 32;
  }

  /** Returns the address with only its first bits kept. */
  IpAddress prefix(int bits) {
    return new IpAddress(high & mask(bits), low & mask(bits - Long.SIZE));
  }

  private static long mask(int bits) {
    if (bits <= 0) {
      return 0;
    }
    return bits >= Long.SIZE ? -1L : -1L << (Long.SIZE - bits);
  }

  private static Optional<IpAddress> parseV4(String text) {
    var parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    long low = 0;
    for (var part : parts) {
      int value = number(part, 10, 3);
      if (value < 0 || value > 255 || (part.length() > 1 && part.charAt(0) == '0')) {
        return Optional.empty();
      }
      low = low << 8 | value;
    }
    return Optional.of(new IpAddress(0, MAPPED | low));
  }

  private static Optional<IpAddress> parseV6(String text) {
    int gap = text.indexOf("::");
    boolean v4First = gap > 0 && text.lastIndexOf('.', gap) >= 0; // it may only be the last part
    if (v4First || gap != text.lastIndexOf("::")) {
      return Optional.empty();
    }
    var groups = new int[GROUPS];
    if (gap < 0) {
      return read(text, groups, 0) == GROUPS ? Optional.of(of(groups)) : Optional.empty();
    }
    var behind = new int[GROUPS];
    int before = gap == 0 ? 0 : read(text.substring(0, gap), groups, 0);
    int after = gap + 2 == text.length() ? 0 : read(text.substring(gap + 2), behind, 0);
    if (before < 0 || after < 0 || before + after >= GROUPS) {
      return Optional.empty();
    }
    System.arraycopy(behind, 0, groups, GROUPS - after, after);
    return Optional.of(of(groups));
  }

  /** Reads groups, the last of which may be an IPv4 address; returns how many, -1 if malformed. */
  private static int read(String text, int[] groups, int from) {
    int count = from;
    var parts = text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      var part = parts[i];
      if (part.indexOf('.') >= 0) {
        var v4 = parseV4(part);
        if (i != parts.length - 1 || v4.isEmpty() || count + 2 > GROUPS) {
          return -1;
        }
        groups[count++] = (int) (v4.get().low >>> 16 & 0xFFFF);
        groups[count++] = (int) (v4.get().low & 0xFFFF);
        continue;
      }
      int value = number(part, 16, 4);
      if (value < 0 || count == GROUPS) {
        return -1;
      }
      groups[count++] = value;
    }
    return count;
  }

  private static IpAddress of(int[] groups) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < GROUPS / 2; i++) {
      high = high << 16 | groups[i];
      low = low << 16 | groups[i + GROUPS / 2];
    }
    return new IpAddress(high, low);
  }

  private static int number(String digits, int radix, int most) {
    if (digits.isEmpty() || digits.length() > most) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value;
  }
}
