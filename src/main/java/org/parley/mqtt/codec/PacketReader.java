package org.parley.mqtt.codec;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.TopicName;

/**
 * Reads the data types of MQTT 5.0 section 1.5 from the body of one packet, and never beyond it.
 * The first thing that is wrong is remembered; from then on every reading gives 0 or nothing, so
 * that who reads need not ask after each. No exceptions: bad input is as cheap as good input.
 */
final class PacketReader {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int BYTE = 0xff;
  private static final int MORE = 0x80;
  private static final int SEVEN_BITS = 0x7f;
  private static final int LONGEST_INTEGER_SHIFT = 21;

  private final DecoderLimits limits;
  private ByteBuffer bytes = NOTHING;
  private int at;
  private int end;
  private @Nullable ReasonCode failure;
  private String detail = "";

  PacketReader(DecoderLimits limits) {
    this.limits = limits;
  }

  /** Begins with a packet; {@code from} and {@code to} are positions in the buffer. */
  void begin(ByteBuffer source, int from, int to) {
    bytes = source;
    at = from;
    end = to;
    failure = null;
    detail = "";
  }

  /** Lets the buffer go: it belongs to the wire. */
  void release() {
    bytes = NOTHING;
  }

  DecoderLimits limits() {
    return limits;
  }

  /** Remembers what is wrong, if nothing was before. */
  void fail(ReasonCode reason, String what) {
    if (failure == null) {
      failure = reason;
      detail = what;
    }
  }

  void malformed(String what) {
    fail(ReasonCode.MALFORMED_PACKET, what);
  }

  void protocolError(String what) {
    fail(ReasonCode.PROTOCOL_ERROR, what);
  }

  @Nullable ReasonCode failure() {
    return failure;
  }

  /** Returns what is wrong, in fixed words. */
  String detail() {
    return detail;
  }

  boolean failed() {
    return failure != null;
  }

  /** Returns whether something is left and nothing was wrong. */
  boolean hasMore() {
    return at < end && failure == null;
  }

  /** Returns the position of the next byte in the buffer. */
  int position() {
    return at;
  }

  private boolean has(int count) {
    if (failure != null) {
      return false;
    }
    if (end - at < count) {
      malformed("a field runs beyond its packet");
      return false;
    }
    return true;
  }

  /** Narrows what is read to the next bytes, and returns the end that was before. */
  int enter(int length) {
    int outer = end;
    if (has(length)) {
      end = at + length;
    }
    return outer;
  }

  /** Widens what is read again. */
  void leave(int outer) {
    end = outer;
  }

  /** Returns a Byte, 0 to 255. */
  int octet() {
    return has(1) ? bytes.get(at++) & BYTE : 0;
  }

  /** Returns a Two Byte Integer, 0 to 65535. */
  int twoByteInteger() {
    if (!has(2)) {
      return 0;
    }
    int value = ((bytes.get(at) & BYTE) << 8) | (bytes.get(at + 1) & BYTE);
    at += 2;
    return value;
  }

  /** Returns a Four Byte Integer, 0 to 4294967295. */
  long fourByteInteger() {
    long high = twoByteInteger();
    return (high << 16) | twoByteInteger();
  }

  /** Returns a Variable Byte Integer, 0 to 268435455. */
  int variableByteInteger() {
    int value = 0;
    for (int shift = 0; shift <= LONGEST_INTEGER_SHIFT; shift += 7) {
      int b = octet();
      value |= (b & SEVEN_BITS) << shift;
      if (b < MORE) {
        if (b == 0 && shift > 0) {
          malformed("an integer that is not in its shortest form"); // [MQTT-1.5.5-1]
        }
        return failed() ? 0 : value;
      }
    }
    malformed("an integer of more than four bytes");
    return 0;
  }

  /** Returns a Packet Identifier, 1 to 65535 [MQTT-2.2.1-3]. */
  int packetId() {
    int id = twoByteInteger();
    if (id == 0) {
      protocolError("Packet Identifier 0");
    }
    return id;
  }

  /** Returns Binary Data. */
  BinaryData binary() {
    return data(twoByteInteger());
  }

  /** Returns all that is left. */
  BinaryData rest() {
    return data(end - at);
  }

  private BinaryData data(int length) {
    if (!has(length)) {
      return BinaryData.EMPTY;
    }
    bytes.position(at);
    at += length;
    return BinaryData.read(bytes, length);
  }

  /** Returns a UTF-8 Encoded String. */
  String text() {
    var encoded = encodedText();
    return encoded.length == 0 ? "" : decoded(encoded);
  }

  /** Returns a UTF-8 Encoded String as a name; one that is remembered, if there is. */
  TopicName topic(RecentTopics recent) {
    int length = twoByteInteger();
    if (!has(length)) {
      return TopicName.EMPTY;
    }
    var known = recent.find(bytes, at, length);
    if (known != null) {
      at += length;
      return known;
    }
    int offset = at;
    var topic = topic(take(length));
    if (!failed()) {
      recent.remember(topic, bytes, offset);
    }
    return topic;
  }

  /** Returns a UTF-8 Encoded String as a name. */
  TopicName topic() {
    return topic(encodedText());
  }

  private TopicName topic(byte[] encoded) {
    return encoded.length == 0 ? TopicName.EMPTY : TopicName.of(decoded(encoded), encoded);
  }

  private String decoded(byte[] encoded) {
    boolean plain = Utf8Text.isPlain(encoded);
    var fault = plain ? null : Utf8Text.fault(encoded, limits.rejectDisallowedCodePoints());
    if (fault != null) {
      malformed(fault);
      return "";
    }
    return Utf8Text.decode(encoded, plain);
  }

  private byte[] encodedText() {
    int length = twoByteInteger();
    return has(length) ? take(length) : new byte[0];
  }

  private byte[] take(int length) {
    var taken = new byte[length];
    bytes.get(at, taken);
    at += length;
    return taken;
  }

  /** Steps over these bytes, if they are the next ones. */
  boolean skip(byte[] expected) {
    if (failure != null || end - at < expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (bytes.get(at + i) != expected[i]) {
        return false;
      }
    }
    at += expected.length;
    return true;
  }
}
