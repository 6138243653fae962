package org.parley.testing.mqtt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Writes the data types of MQTT, the illegal ones too. */
public final class Bytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public static Bytes empty() {
    return new Bytes();
  }

  /** Returns the bytes of hexadecimal text; spaces do not count. */
  public static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  /** Returns a whole packet: fixed header, then {@code body}. */
  public static byte[] packet(int firstByte, Bytes body) {
    var bytes = body.toByteArray();
    return empty().u8(firstByte).varInt(bytes.length).raw(bytes).toByteArray();
  }

  /** Returns a packet in which bytes of the same number stand in the place of ASCII text. */
  public static byte[] replaced(byte[] packet, String text, String hex) {
    var from = text.getBytes(StandardCharsets.US_ASCII);
    var to = hex(hex);
    var changed = packet.clone();
    for (int i = packet.length - from.length; i >= 0; i--) {
      if (Arrays.mismatch(packet, i, i + from.length, from, 0, from.length) < 0) {
        System.arraycopy(to, 0, changed, i, to.length);
        return changed;
      }
    }
    throw new IllegalArgumentException("not in the packet: " + text);
  }

  public Bytes u8(int value) {
    out.write(value);
    return this;
  }

  public Bytes u16(int value) {
    return u8(value >> 8).u8(value);
  }

  public Bytes u32(long value) {
    return u16((int) (value >> 16)).u16((int) value);
  }

  /** Writes a Variable Byte Integer in its shortest form. */
  public Bytes varInt(int value) {
    int rest = value;
    while (rest >= 0x80) {
      u8((rest & 0x7F) | 0x80);
      rest >>= 7;
    }
    return u8(rest);
  }

  public Bytes string(String text) {
    return binary(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes two length bytes and the data. */
  public Bytes binary(byte... data) {
    return u16(data.length).raw(data);
  }

  public Bytes raw(byte... data) {
    out.writeBytes(data);
    return this;
  }

  public Bytes raw(String hex) {
    return raw(hex(hex));
  }

  /** Writes a property block: its length, then its entries. */
  public Bytes block(Bytes entries) {
    var bytes = entries.toByteArray();
    return varInt(bytes.length).raw(bytes);
  }

  public byte[] toByteArray() {
    return out.toByteArray();
  }
}
