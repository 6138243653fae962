package org.parley.identity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One element of DER (X.690 section 10): a tag and its content. Strict: definite lengths in their
 * shortest form, tags of one octet, nothing behind the last element.
 */
final class Der {
  static final int OBJECT_IDENTIFIER = 0x06;
  static final int SEQUENCE = 0x30;
  static final int SET = 0x31;

  private static final int LONG_TAG = 0x1F;
  private static final int MAX_LENGTH_OCTETS = 4;

  private final byte[] bytes;
  private final int tagAt;
  private final int from;
  private final int to;

  private Der(byte[] bytes, int tagAt, int from, int to) {
    this.bytes = bytes;
    this.tagAt = tagAt;
    this.from = from;
    this.to = to;
  }

  /** Reads bytes that hold exactly one element. */
  static Der of(byte[] bytes) throws MalformedDerException {
    var element = read(bytes, 0, bytes.length);
    if (element.to != bytes.length) {
      throw new MalformedDerException("bytes behind the element");
    }
    return element;
  }

  int tag() {
    return bytes[tagAt] & 0xFF;
  }

  byte[] content() {
    return Arrays.copyOfRange(bytes, from, to);
  }

  /** Returns the elements that the content of an element with this tag consists of. */
  List<Der> children(int requiredTag) throws MalformedDerException {
    if (tag() != requiredTag) {
      throw new MalformedDerException("tag " + tag() + " instead of " + requiredTag);
    }
    var children = new ArrayList<Der>();
    for (int at = from; at < to; ) {
      var child = read(bytes, at, to);
      children.add(child);
      at = child.to;
    }
    return children;
  }

  private static Der read(byte[] bytes, int at, int end) throws MalformedDerException {
    if (end - at < 2 || (bytes[at] & LONG_TAG) == LONG_TAG) {
      throw new MalformedDerException("no element");
    }
    int first = bytes[at + 1] & 0xFF;
    int from = at + 2;
    long length = first;
    if (first >= 0x80) {
      int octets = first - 0x80;
      if (octets == 0 || octets > MAX_LENGTH_OCTETS || octets > end - from) {
        throw new MalformedDerException("length of " + octets + " octets");
      }
      length = 0;
      for (int i = 0; i < octets; i++) {
        length = length << 8 | (bytes[from + i] & 0xFF);
      }
      from += octets;
      if (length < 0x80 || length >>> (8 * (octets - 1)) == 0) {
        throw new MalformedDerException("length not in its shortest form");
      }
    }
    if (length > end - from) {
      throw new MalformedDerException("element longer than its surroundings");
    }
    return new Der(bytes, at, from, from + (int) length);
  }

  /** The bytes are not DER. Cheap: bad input comes from peers. */
  static final class MalformedDerException extends Exception {
    MalformedDerException(String message) {
      super(message, null, false, false);
    }
  }
}
