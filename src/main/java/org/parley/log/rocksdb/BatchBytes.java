package org.parley.log.rocksdb;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.rocksdb.WriteBatch;

/**
 * Gathers rows in the form that RocksDB writes to its log, and takes as a whole ({@link
 * WriteBatch#WriteBatch(byte[])}): a call of native code for each row would cost more than all else
 * that a message costs here.
 *
 * <p>Eight bytes for RocksDB, the number of records (four bytes, little-endian), the records: what
 * it is (a byte), the family, the key, and the value or the end of a range; the family and lengths
 * as numbers in base 128, least first.
 */
final class BatchBytes {
  private static final byte DELETE = 0x4;
  private static final byte PUT = 0x5;
  private static final byte DELETE_RANGE = 0xE;
  private static final int COUNT_AT = Long.BYTES;
  private static final int HEADER = COUNT_AT + Integer.BYTES;
  private static final int NUMBER_BYTES = 5;
  private static final int SMALL = 16 << 10;

  /** What is kept for the next batch at most. */
  private static final int LARGE = 4 << 20;

  /** The longest array there can be. */
  private static final int MAX = Integer.MAX_VALUE - 8;

  private final int maximum;
  private byte[] bytes = new byte[SMALL];
  private int length = HEADER;
  private int count;

  BatchBytes() {
    this(MAX);
  }

  /**
   * @param maximum bytes of a batch, at least those of an empty one
   */
  BatchBytes(int maximum) {
    this.maximum = maximum;
  }

  /**
   * Puts a row, in place of what has its key.
   *
   * @throws OutOfMemoryError if there is no room for it; the others are as they were
   */
  void put(int family, byte[] key, byte[] value) {
    room(2L * NUMBER_BYTES + key.length + value.length);
    record(PUT, family, key);
    text(value);
  }

  /** Deletes a row, or fails as {@link #put} does. */
  void delete(int family, byte[] key) {
    room(NUMBER_BYTES + (long) key.length);
    record(DELETE, family, key);
  }

  /**
   * Deletes the rows from one key on, or fails as {@link #put} does.
   *
   * @param end the first that is not deleted
   */
  void deleteRange(int family, byte[] begin, byte[] end) {
    room(2L * NUMBER_BYTES + begin.length + end.length);
    record(DELETE_RANGE, family, begin);
    text(end);
  }

  /** Returns how many there are. */
  int count() {
    return count;
  }

  /** Returns all in RocksDB's form, and is empty. */
  byte[] take() {
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(COUNT_AT, count);
    var taken = Arrays.copyOf(bytes, length);
    if (bytes.length > LARGE) {
      bytes = new byte[SMALL];
    }
    length = HEADER;
    count = 0;
    return taken;
  }

  /**
   * Makes room for a whole record, before the first byte of it is there: RocksDB cannot open a
   * database again whose log has half a one.
   *
   * @param texts bytes of its texts, with their lengths
   */
  private void room(long texts) {
    long needed = length + 1 + NUMBER_BYTES + texts;
    if (needed > maximum) {
      throw new OutOfMemoryError("a batch of more than " + maximum + " bytes");
    }
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(needed, 2L * bytes.length), maximum));
    }
  }

  private void record(byte kind, int family, byte[] key) {
    bytes[length++] = kind;
    number(family);
    text(key);
    count++;
  }

  private void text(byte[] text) {
    number(text.length);
    System.arraycopy(text, 0, bytes, length, text.length);
    length += text.length;
  }

  private void number(int value) {
    int left = value;
    while (left >= 0x80) {
      bytes[length++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[length++] = (byte) left;
  }
}
