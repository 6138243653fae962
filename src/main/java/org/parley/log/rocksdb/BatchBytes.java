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

  private byte[] bytes = new byte[SMALL];
  private int length = HEADER;
  private int count;

  void put(int family, byte[] key, byte[] value) {
    record(PUT, family, key);
    text(value);
  }

  void delete(int family, byte[] key) {
    record(DELETE, family, key);
  }

  /**
   * Deletes the rows from one key on.
   *
   * @param end the first that is not deleted
   */
  void deleteRange(int family, byte[] begin, byte[] end) {
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

  private void record(byte kind, int family, byte[] key) {
    room(1 + NUMBER_BYTES);
    bytes[length++] = kind;
    number(family);
    text(key);
    count++;
  }

  private void text(byte[] text) {
    room(NUMBER_BYTES + text.length);
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

  /** All of it has to fit into an array. */
  private void room(int more) {
    int needed = Math.addExact(length, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(needed, 2L * bytes.length), MAX));
    }
  }
}
