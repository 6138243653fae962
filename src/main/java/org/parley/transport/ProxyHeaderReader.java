package org.parley.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Reads the header of the PROXY protocol, version 2 (haproxy.org, proxy-protocol.txt, section 2.2).
 * It is refused at the first byte that makes it bad, and its length before any of it is waited for.
 * Of the TLVs the checksum alone is heeded: what a proxy says of certificates is nothing here.
 * Netty has a codec that is not as strict: it takes version 1, UDP, TLVs that are cut and wrong
 * checksums.
 *
 * @param mostBytes of a header
 */
record ProxyHeaderReader(int mostBytes) {
  /** Up to the length; addresses and TLVs follow. */
  static final int FIXED_BYTES = 16;

  private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");

  /** How a header of version 1 begins. */
  private static final byte[] VERSION_1 = {'P', 'R', 'O', 'X', 'Y', ' '};

  private static final int VERSION_2 = 2;
  private static final int LOCAL = 0;
  private static final int PROXY = 1;
  private static final int TCP_OVER_IPV4 = 0x11;
  private static final int TCP_OVER_IPV6 = 0x21;

  /** Without the TLVs' own bytes: type and length. */
  private static final int TLV_BYTES = 3;

  private static final int CRC32C_TYPE = 0x03;
  private static final int CRC32C_BYTES = 4;

  /** Reads what there is from the buffer's position on, and leaves the position as it is. */
  ProxyHeader read(ByteBuffer bytes) {
    var in = bytes.slice(); // big endian, as the header is
    int had = in.remaining();
    if (!begins(in, SIGNATURE)) {
      return noSignature(in);
    }
    if (had > 12 && in.get(12) >> 4 != VERSION_2) {
      return rejected(ProxyRefusal.VERSION);
    }
    int command = had > 12 ? in.get(12) & 0x0F : LOCAL;
    if (command > PROXY) {
      return rejected(ProxyRefusal.COMMAND);
    }
    int addresses = command == LOCAL || had <= 13 ? 0 : addressBytes(in.get(13));
    if (addresses < 0) {
      return rejected(ProxyRefusal.FAMILY);
    }
    if (had < FIXED_BYTES) {
      return new ProxyHeader.NeedMore();
    }
    int length = FIXED_BYTES + (in.getShort(14) & 0xFFFF);
    if (length > mostBytes || length < FIXED_BYTES + addresses) {
      return rejected(ProxyRefusal.LENGTH);
    }
    if (had < length) {
      return new ProxyHeader.NeedMore();
    }
    return command == LOCAL
        ? new ProxyHeader.Complete(Optional.empty(), length) // all else is to be discarded
        : proxied(in.slice(0, length), addresses);
  }

  /** Returns whether the bytes are the beginning of these, or these of them. */
  private static boolean begins(ByteBuffer in, byte[] expected) {
    int common = Math.min(in.remaining(), expected.length);
    return in.slice(0, common).equals(ByteBuffer.wrap(expected, 0, common));
  }

  private static ProxyHeader noSignature(ByteBuffer in) {
    if (!begins(in, VERSION_1)) {
      return rejected(ProxyRefusal.NO_HEADER);
    }
    return in.remaining() < VERSION_1.length
        ? new ProxyHeader.NeedMore()
        : rejected(ProxyRefusal.VERSION_1);
  }

  /** Returns how long the two addresses and ports are; below 0 for what is no TCP. */
  private static int addressBytes(byte familyAndProtocol) {
    return switch (familyAndProtocol) {
      case TCP_OVER_IPV4 -> 2 * (4 + Short.BYTES);
      case TCP_OVER_IPV6 -> 2 * (16 + Short.BYTES);
      default -> -1;
    };
  }

  private static ProxyHeader proxied(ByteBuffer header, int addresses) {
    int at = FIXED_BYTES + addresses;
    while (at < header.limit()) {
      int value = at + TLV_BYTES;
      int next = value <= header.limit() ? value + (header.getShort(at + 1) & 0xFFFF) : value;
      if (next > header.limit()) {
        return rejected(ProxyRefusal.TLV);
      }
      if (header.get(at) == CRC32C_TYPE) {
        if (next - value != CRC32C_BYTES) {
          return rejected(ProxyRefusal.TLV);
        }
        if (header.getInt(value) != checksum(header, value)) {
          return rejected(ProxyRefusal.CHECKSUM);
        }
      }
      at = next;
    }
    return source(header, addresses);
  }

  /** Returns the checksum of a header, that of itself taken as 0 (section 2.2.3). */
  private static int checksum(ByteBuffer header, int at) {
    var sum = new CRC32C();
    sum.update(header.slice(0, at));
    sum.update(new byte[CRC32C_BYTES]);
    sum.update(header.slice(at + CRC32C_BYTES, header.limit() - at - CRC32C_BYTES));
    return (int) sum.getValue();
  }

  /**
   * Takes the source. One on loopback would make a stranger a neighbour: nothing that comes by a
   * proxy has it.
   */
  private static ProxyHeader source(ByteBuffer header, int addresses) {
    int addressBytes = addresses / 2 - Short.BYTES;
    var numeric = new byte[addressBytes];
    header.get(FIXED_BYTES, numeric);
    var address = address(numeric);
    if (address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isMulticastAddress()) {
      return rejected(ProxyRefusal.SOURCE);
    }
    int port = header.getShort(FIXED_BYTES + 2 * addressBytes) & 0xFFFF;
    return new ProxyHeader.Complete(
        Optional.of(new InetSocketAddress(address, port)), header.limit());
  }

  /** Makes an address; one of IPv4 that is mapped to IPv6 is the one of IPv4. */
  private static InetAddress address(byte[] numeric) {
    try {
      return InetAddress.getByAddress(numeric);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e); // for another length than 4 and 16
    }
  }

  private static ProxyHeader rejected(ProxyRefusal reason) {
    return new ProxyHeader.Rejected(reason);
  }
}
