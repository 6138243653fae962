package org.parley.log.row;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.TopicName;

/**
 * Reads what {@link RowWriter} wrote. Nothing is made larger than the bytes that are there.
 *
 * @see RowException what every method throws for bytes that cannot be
 */
final class RowReader {
  private static final int MORE = 0x80;
  private static final int LONG_BITS = 64;

  private final ByteBuffer bytes;

  RowReader(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  /** All must have been read. */
  void end() {
    if (bytes.hasRemaining()) {
      throw new RowException("more bytes than a row has");
    }
  }

  int octet() {
    if (!bytes.hasRemaining()) {
      throw new RowException("less bytes than a row has");
    }
    return bytes.get() & 0xFF;
  }

  boolean flag() {
    int value = octet();
    if (value > 1) {
      throw new RowException("neither yes nor no");
    }
    return value == 1;
  }

  long number() {
    long value = 0;
    for (int shift = 0; shift < LONG_BITS; shift += 7) {
      int octet = octet();
      value |= (long) (octet & ~MORE) << shift;
      if ((octet & MORE) == 0) {
        return value;
      }
    }
    throw new RowException("a number without end");
  }

  /** Reads a number of 0 to {@code greatest}. */
  int number(int greatest) {
    long value = number();
    if (value < 0 || value > greatest) {
      throw new RowException("a number that is too great");
    }
    return (int) value;
  }

  int remaining() {
    return bytes.remaining();
  }

  private int length() {
    long length = number();
    if (length < 0 || length > bytes.remaining()) {
      throw new RowException("less bytes than a row has");
    }
    return (int) length;
  }

  private static String decode(ByteBuffer encoded) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(encoded).toString();
    } catch (CharacterCodingException _) {
      throw new RowException("no text");
    }
  }

  String text() {
    int length = length();
    var text = decode(bytes.slice(bytes.position(), length));
    bytes.position(bytes.position() + length);
    return text;
  }

  TopicName topic() {
    var encoded = new byte[length()];
    bytes.get(encoded);
    return TopicName.of(decode(ByteBuffer.wrap(encoded)), encoded);
  }

  BinaryData binary() {
    return BinaryData.read(bytes, length());
  }

  QoS qos() {
    return QoS.of(number(QoS.EXACTLY_ONCE.value()));
  }

  ReasonCode reason(ReasonCode.Place place) {
    var reason = ReasonCode.of(octet(), place);
    if (reason == null) {
      throw new RowException("no reason code");
    }
    return reason;
  }

  <T> Optional<T> optional(Function<RowReader, T> reader) {
    return flag() ? Optional.of(reader.apply(this)) : Optional.empty();
  }

  OptionalLong optionalNumber() {
    return flag() ? OptionalLong.of(number()) : OptionalLong.empty();
  }

  /** Reads the version of a row's form. */
  void version(int known) {
    version(known, known);
  }

  /** The same for a row that has several; returns which one it is. */
  int version(int first, int last) {
    int version = octet();
    if (version < first || version > last) {
      throw new RowException("version " + version + " of a row is not known");
    }
    return version;
  }
}
