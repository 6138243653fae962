package org.parley.testing;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Writes headers of the PROXY protocol, version 2, good and bad. */
public final class ProxyHeaders {
  public static final int TCP_OVER_IPV4 = 0x11;
  public static final int TCP_OVER_IPV6 = 0x21;
  public static final int LOCAL = 0x20;
  public static final int PROXY = 0x21;
  public static final int CRC32C_TYPE = 0x03;

  private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
  private static final int FIXED_BYTES = 16;

  private ProxyHeaders() {}

  /** Returns a header with anything in it, and the length that it has. */
  public static byte[] of(int versionAndCommand, int familyAndProtocol, byte[]... parts) {
    var body = join(parts);
    return ofLength(versionAndCommand, familyAndProtocol, body.length, body);
  }

  /** Returns a header that says another length than it has. */
  public static byte[] ofLength(
      int versionAndCommand, int familyAndProtocol, int length, byte[] body) {
    return ByteBuffer.allocate(FIXED_BYTES + body.length)
        .put(SIGNATURE)
        .put((byte) versionAndCommand)
        .put((byte) familyAndProtocol)
        .putShort((short) length)
        .put(body)
        .array();
  }

  /** Returns the header of a connection from an address, to one of the same family. */
  public static byte[] from(String address, int port, byte[]... tlvs) {
    var source = InetAddress.ofLiteral(address).getAddress();
    int family = source.length == 4 ? TCP_OVER_IPV4 : TCP_OVER_IPV6;
    return of(PROXY, family, addresses(source, port), join(tlvs));
  }

  /** Returns a header for IPv6, whatever address that is. */
  public static byte[] fromIpv6(byte[] source, int port) {
    return of(PROXY, TCP_OVER_IPV6, addresses(source, port));
  }

  /** Returns the header of a connection that is the proxy's own. */
  public static byte[] local() {
    return of(LOCAL, 0);
  }

  private static byte[] addresses(byte[] source, int port) {
    return ByteBuffer.allocate(2 * (source.length + Short.BYTES))
        .put(source)
        .put(new byte[source.length])
        .putShort((short) port)
        .putShort((short) 8883)
        .array();
  }

  public static byte[] tlv(int type, byte... value) {
    return ByteBuffer.allocate(3 + value.length)
        .put((byte) type)
        .putShort((short) value.length)
        .put(value)
        .array();
  }

  /** Returns the same header with its checksum behind all else. */
  public static byte[] summed(byte[] header) {
    var longer = join(header, tlv(CRC32C_TYPE, new byte[Integer.BYTES]));
    var buffer = ByteBuffer.wrap(longer).putShort(14, (short) (longer.length - FIXED_BYTES));
    var sum = new CRC32C();
    sum.update(longer);
    return buffer.putInt(longer.length - Integer.BYTES, (int) sum.getValue()).array();
  }

  public static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (var part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
