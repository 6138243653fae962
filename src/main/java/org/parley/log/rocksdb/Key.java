package org.parley.log.rocksdb;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Keys, big-endian, so that rows lie in the order of numbers. Each begins with two bytes for the
 * shard, which is 0: there is one.
 */
final class Key {
  private static final int SHARD_BYTES = Short.BYTES;
  private static final int NUMBER_AT = SHARD_BYTES;
  private static final int SECOND_AT = NUMBER_AT + Long.BYTES;

  private Key() {}

  /** A row by one number. */
  static byte[] of(long number) {
    return ByteBuffer.allocate(SECOND_AT).putLong(NUMBER_AT, number).array();
  }

  /** A row of a session by a number of 64 bits. */
  static byte[] of(long session, long number) {
    return ByteBuffer.allocate(SECOND_AT + Long.BYTES)
        .putLong(NUMBER_AT, session)
        .putLong(SECOND_AT, number)
        .array();
  }

  /** A row of a session by a number of 16 bits. */
  static byte[] of(long session, short number) {
    return ByteBuffer.allocate(SECOND_AT + Short.BYTES)
        .putLong(NUMBER_AT, session)
        .putShort(SECOND_AT, number)
        .array();
  }

  /** A row of a session by a text. */
  static byte[] of(long session, String text) {
    var encoded = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(SECOND_AT + encoded.length)
        .putLong(NUMBER_AT, session)
        .put(SECOND_AT, encoded)
        .array();
  }

  /** A row by a text. */
  static byte[] of(String text) {
    var encoded = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(SHARD_BYTES + encoded.length).put(SHARD_BYTES, encoded).array();
  }

  /** Returns the first number. */
  static long number(byte[] key) {
    return ByteBuffer.wrap(key).getLong(NUMBER_AT);
  }

  /** Returns the number of 64 bits behind the session. */
  static long sequence(byte[] key) {
    return ByteBuffer.wrap(key).getLong(SECOND_AT);
  }

  /** Returns the number of 16 bits behind the session. */
  static int packetId(byte[] key) {
    return Short.toUnsignedInt(ByteBuffer.wrap(key).getShort(SECOND_AT));
  }

  /** Returns the text behind the session. */
  static String text(byte[] key) {
    return new String(key, SECOND_AT, key.length - SECOND_AT, StandardCharsets.UTF_8);
  }
}
