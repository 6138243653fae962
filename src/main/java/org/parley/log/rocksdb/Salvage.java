package org.parley.log.rocksdb;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractRocksIterator;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SstFileReaderIterator;

/**
 * Reads rows in the order of their keys, and goes on behind blocks that cannot be read. RocksDB
 * does not tell where these end: the first key behind is looked for, in steps that double, and then
 * by halves.
 */
final class Salvage {
  private static final int LEAST_KEY_BYTES = 32;
  private static final int MOST_KEY_BYTES = 512;

  /** So much longer than the last key that was read is what is looked for. */
  private static final int FINER_BYTES = 8;

  /** An iterator; they have their keys and values not in common. */
  record Cursor(AbstractRocksIterator<?> rows, Supplier<byte[]> key, Supplier<byte[]> value)
      implements AutoCloseable {
    static Cursor of(RocksIterator rows) {
      return new Cursor(rows, rows::key, rows::value);
    }

    static Cursor of(SstFileReaderIterator rows) {
      return new Cursor(rows, rows::key, rows::value);
    }

    @Override
    public void close() {
      rows.close();
    }
  }

  private final Supplier<Cursor> source;
  private final Consumer<String> holes;

  /**
   * @param source makes new cursors over the rows
   * @param holes told between which keys nothing could be read
   */
  Salvage(Supplier<Cursor> source, Consumer<String> holes) {
    this.source = source;
    this.holes = holes;
  }

  /** Visits what can be read. */
  void read(StoredRows.Visitor visitor) throws RocksDBException {
    byte[] from = {};
    byte[] last = null;
    while (true) {
      try (var cursor = source.get()) {
        var rows = cursor.rows();
        for (rows.seek(from); rows.isValid(); rows.next()) {
          last = cursor.key().get();
          visitor.visit(last, cursor.value().get());
        }
        if (isSound(rows)) {
          return;
        }
      }
      var beyond = beyond(last == null || Arrays.compareUnsigned(last, from) < 0 ? from : last);
      holes.accept(name(last, "the first") + " and " + name(beyond, "the last"));
      if (beyond == null) {
        return;
      }
      from = beyond;
    }
  }

  private static String name(byte @Nullable [] key, String otherwise) {
    return key == null ? otherwise : HexFormat.of().formatHex(key);
  }

  private static boolean isSound(AbstractRocksIterator<?> rows) {
    try {
      rows.status();
      return true;
    } catch (RocksDBException _) {
      return false;
    }
  }

  /** Returns the least key behind {@code key} from which on reading works; null for none. */
  private byte @Nullable [] beyond(byte[] key) {
    int length = Math.clamp(key.length, LEAST_KEY_BYTES, MOST_KEY_BYTES) + FINER_BYTES;
    var start = new BigInteger(1, Arrays.copyOf(key, length));
    var step = BigInteger.ONE;
    while (!works(start.add(step), length)) {
      step = step.shiftLeft(1);
      if (start.add(step).bitLength() > length * Byte.SIZE) {
        return null;
      }
    }
    var fails = step.shiftRight(1);
    while (step.subtract(fails).compareTo(BigInteger.ONE) > 0) {
      var middle = fails.add(step).shiftRight(1);
      if (works(start.add(middle), length)) {
        step = middle;
      } else {
        fails = middle;
      }
    }
    return bytes(start.add(step), length);
  }

  private boolean works(BigInteger number, int length) {
    try (var cursor = source.get()) {
      cursor.rows().seek(bytes(number, length));
      return cursor.rows().isValid() || isSound(cursor.rows());
    }
  }

  private static byte[] bytes(BigInteger number, int length) {
    var digits = number.toByteArray(); // maybe one byte for the sign more, or fewer than length
    var bytes = new byte[length];
    int count = Math.min(digits.length, length);
    System.arraycopy(digits, digits.length - count, bytes, length - count, count);
    return bytes;
  }
}
