package org.parley.mqtt.packet;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A Topic Name with its encoding. Whether it is one that may be published to (no wildcards, not
 * empty) is for the reader to check; its text is well-formed and never normalised [MQTT-4.7.3-4].
 */
public final class TopicName {
  /** What stands in a PUBLISH that has a Topic Alias instead. */
  public static final TopicName EMPTY = new TopicName("", new byte[0]);

  private final String text;
  private final byte[] encoded;

  private TopicName(String text, byte[] encoded) {
    this.text = text;
    this.encoded = encoded;
  }

  public static TopicName of(String text) {
    return text.isEmpty() ? EMPTY : new TopicName(text, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Takes text and its encoding, which the caller does not change any more. */
  public static TopicName of(String text, byte[] encoded) {
    return new TopicName(text, encoded);
  }

  public String text() {
    return text;
  }

  public boolean isEmpty() {
    return encoded.length == 0;
  }

  /** Returns the length of the UTF-8 form, without its two length bytes. */
  public int encodedLength() {
    return encoded.length;
  }

  /** Copies the UTF-8 form to {@code target} from {@code offset} on. */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(encoded, 0, target, offset, encoded.length);
  }

  /** Returns whether this is the text of these bytes. */
  public boolean isEncodedAs(ByteBuffer bytes, int offset, int length) {
    if (length != encoded.length) {
      return false;
    }
    if (bytes.hasArray()) { // many bytes at a time
      int from = bytes.arrayOffset() + offset;
      return Arrays.equals(bytes.array(), from, from + length, encoded, 0, length);
    }
    for (int i = 0; i < length; i++) {
      if (bytes.get(offset + i) != encoded[i]) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether a wildcard stands in it [MQTT-3.3.2-2]. */
  public boolean hasWildcard() {
    return text.indexOf('+') >= 0 || text.indexOf('#') >= 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TopicName name && text.equals(name.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
