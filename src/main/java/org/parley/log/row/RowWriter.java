package org.parley.log.row;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.TopicName;

/** Bytes that grow: numbers of variable length, seven bits a byte, the lowest first. */
final class RowWriter {
  private static final int INITIAL_BYTES = 64;
  private static final int MORE = 0x80;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int size;

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }

  RowWriter octet(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  RowWriter flag(boolean value) {
    return octet(value ? 1 : 0);
  }

  /** Writes a number, not negative ones in few bytes. */
  RowWriter number(long value) {
    long left = value;
    while ((left & ~0x7FL) != 0) {
      octet((int) (left & 0x7F) | MORE);
      left >>>= 7;
    }
    return octet((int) left);
  }

  RowWriter text(String text) {
    var encoded = text.getBytes(StandardCharsets.UTF_8);
    number(encoded.length);
    room(encoded.length);
    System.arraycopy(encoded, 0, bytes, size, encoded.length);
    size += encoded.length;
    return this;
  }

  RowWriter topic(TopicName topic) {
    number(topic.encodedLength());
    room(topic.encodedLength());
    topic.copyTo(bytes, size);
    size += topic.encodedLength();
    return this;
  }

  RowWriter binary(BinaryData data) {
    number(data.length());
    room(data.length());
    data.copyTo(bytes, size);
    size += data.length();
    return this;
  }

  <T> RowWriter optional(Optional<T> value, BiConsumer<RowWriter, T> writer) {
    flag(value.isPresent());
    value.ifPresent(present -> writer.accept(this, present));
    return this;
  }

  RowWriter optional(OptionalLong value) {
    flag(value.isPresent());
    if (value.isPresent()) {
      number(value.getAsLong());
    }
    return this;
  }
}
