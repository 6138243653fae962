package org.parley.mqtt.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.packet.UserProperty;

/**
 * Writes the data types of MQTT 5.0 section 1.5 to an array that grows. What has no form on the
 * wire, a text of more than 65535 bytes, is remembered and not written.
 */
final class ByteWriter {
  /** In bytes; enough for most packets. */
  static final int SMALL = 256;

  /**
   * In bytes: an array that grew beyond it is given back by {@link #reset}. It holds what gathers
   * before it is written, 64 KiB, and another packet: else it would grow anew each time.
   */
  static final int KEPT = 128 * 1024;

  /** In bytes, of text and of binary data. */
  static final int LONGEST_FIELD = 65535;

  /** What a Variable Byte Integer holds at most. */
  static final int GREATEST_INTEGER = 268_435_455;

  private static final int MORE = 0x80;
  private static final int SEVEN_BITS = 0x7f;

  private byte[] bytes = new byte[SMALL];
  private int size;
  private boolean overflowed;

  int size() {
    return size;
  }

  ByteBuffer written() {
    return ByteBuffer.wrap(bytes, 0, size).slice();
  }

  void reset() {
    size = 0;
    if (bytes.length > KEPT) {
      bytes = new byte[SMALL];
    }
  }

  /** Forgets what stands behind {@code mark}, and that something had no form. */
  void rewind(int mark) {
    size = mark;
    overflowed = false;
  }

  /** Returns whether something since the last {@link #rewind} had no form on the wire. */
  boolean overflowed() {
    return overflowed;
  }

  /** Makes room for so many bytes. */
  void reserve(int count) {
    if (bytes.length - size < count) {
      long doubled = Math.min(2L * bytes.length, Integer.MAX_VALUE - 8);
      bytes = Arrays.copyOf(bytes, (int) Math.max(doubled, (long) size + count));
    }
  }

  void octet(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void twoByteInteger(int value) {
    reserve(2);
    bytes[size++] = (byte) (value >> 8);
    bytes[size++] = (byte) value;
  }

  void fourByteInteger(long value) {
    twoByteInteger((int) (value >> 16));
    twoByteInteger((int) value);
  }

  /** Writes a value of 0 to {@link #GREATEST_INTEGER} in its shortest form [MQTT-1.5.5-1]. */
  void variableByteInteger(int value) {
    int rest = value;
    while (rest > SEVEN_BITS) {
      octet(rest | MORE);
      rest >>= 7;
    }
    octet(rest);
  }

  /** Returns the length of a Variable Byte Integer, 1 to 4. */
  static int lengthOf(int value) {
    return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
  }

  /** Returns the length of text in UTF-8. */
  static int lengthOf(String text) {
    int length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        // a pair of surrogates is four bytes together
        length += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return length;
  }

  void text(String text) {
    int length = lengthOf(text);
    if (!fits(length)) {
      return;
    }
    reserve(2 + length);
    twoByteInteger(length);
    if (length == text.length()) {
      for (int i = 0; i < length; i++) {
        bytes[size + i] = (byte) text.charAt(i);
      }
    } else {
      System.arraycopy(text.getBytes(StandardCharsets.UTF_8), 0, bytes, size, length);
    }
    size += length;
  }

  void topic(TopicName topic) {
    int length = topic.encodedLength();
    if (!fits(length)) {
      return;
    }
    reserve(2 + length);
    twoByteInteger(length);
    topic.copyTo(bytes, size);
    size += length;
  }

  void binary(BinaryData data) {
    if (fits(data.length())) {
      twoByteInteger(data.length());
      payload(data);
    }
  }

  /** Writes bytes without their length. */
  void payload(BinaryData data) {
    reserve(data.length());
    data.copyTo(bytes, size);
    size += data.length();
  }

  private boolean fits(int length) {
    if (length > LONGEST_FIELD) {
      overflowed = true;
      return false;
    }
    return true;
  }

  /** Puts the length of all that stands behind {@code mark} in front of it. */
  void prefixLength(int mark) {
    int length = size - mark;
    if (length > GREATEST_INTEGER) {
      overflowed = true;
      return;
    }
    int prefix = lengthOf(length);
    reserve(prefix);
    System.arraycopy(bytes, mark, bytes, mark + prefix, length);
    size = mark;
    variableByteInteger(length);
    size += length;
  }

  void octetProperty(int identifier, int value) {
    octet(identifier);
    octet(value);
  }

  void octetProperty(int identifier, OptionalInt value) {
    if (value.isPresent()) {
      octetProperty(identifier, value.getAsInt());
    }
  }

  void flagProperty(int identifier, Optional<Boolean> value) {
    if (value.isPresent()) {
      octetProperty(identifier, value.get() ? 1 : 0);
    }
  }

  void twoByteProperty(int identifier, int value) {
    octet(identifier);
    twoByteInteger(value);
  }

  void twoByteProperty(int identifier, OptionalInt value) {
    if (value.isPresent()) {
      twoByteProperty(identifier, value.getAsInt());
    }
  }

  void fourByteProperty(int identifier, OptionalLong value) {
    if (value.isPresent()) {
      octet(identifier);
      fourByteInteger(value.getAsLong());
    }
  }

  void textProperty(int identifier, Optional<String> value) {
    if (value.isPresent()) {
      octet(identifier);
      text(value.get());
    }
  }

  void binaryProperty(int identifier, Optional<BinaryData> value) {
    if (value.isPresent()) {
      octet(identifier);
      binary(value.get());
    }
  }

  void userProperties(List<UserProperty> properties) {
    for (var property : properties) {
      octet(Property.USER_PROPERTY);
      text(property.name());
      text(property.value());
    }
  }
}
