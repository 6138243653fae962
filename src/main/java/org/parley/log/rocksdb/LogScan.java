package org.parley.log.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * What can be read of one file that RocksDB has written as a log.
 *
 * <p>A file is a row of blocks of 32 KiB, a block a row of fragments: a masked CRC-32C, the length
 * (two bytes), the type, the number of the log (four bytes), the bytes; all little-endian, the sum
 * over all from the type on. The fragments of a write hold its sequence number (eight bytes), the
 * number of its records (four bytes), and the records; the next write has the next number. Files
 * that are not written over again, as the list of files, have other types and no number of a log.
 */
final class LogScan {
  private static final int BLOCK = 32 << 10;
  private static final int TYPE_AT = 6;
  private static final int NUMBER_AT = 7;
  private static final int WHOLE = 1;
  private static final int FIRST = 2;
  private static final int LAST = 4;

  /** What is added to a type in a log that is written over again. */
  private static final int AGAIN = 4;

  private static final int BATCH_HEADER = 12;
  private static final int MASK = 0xa282ead8;

  /**
   * What came of it.
   *
   * @param end of what can be read from the beginning on; -1 if all can
   * @param damaged whether a write begins behind that, so that it is not the end of the log
   * @param first the sequence number of the first write, if that can be read
   * @param next the one that a write behind {@code end} would have
   */
  record Found(long end, boolean damaged, OptionalLong first, OptionalLong next) {}

  private final FileChannel file;
  private final boolean again;
  private final int number;
  private final int header;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C sum = new CRC32C();
  private long end = -1;
  private OptionalLong first = OptionalLong.empty();
  private OptionalLong next = OptionalLong.empty();
  private OptionalLong begun = OptionalLong.empty();

  private LogScan(FileChannel file, boolean again, int number) {
    this.file = file;
    this.again = again;
    this.number = number;
    this.header = again ? NUMBER_AT + Integer.BYTES : NUMBER_AT;
  }

  /** Reads a log that is written over again, and may be written meanwhile. */
  static Found read(FileChannel file, long number) throws IOException {
    return new LogScan(file, true, (int) number).found();
  }

  /** Reads a file that is not written over again; {@code first} and {@code next} mean nothing. */
  static Found read(FileChannel file) throws IOException {
    return new LogScan(file, false, 0).found();
  }

  private Found found() throws IOException {
    boolean damaged = isDamaged();
    return new Found(end, damaged, first, next);
  }

  private boolean isDamaged() throws IOException {
    for (long start = 0; start < file.size(); start += BLOCK) {
      load(start);
      for (int at = 0; at + header <= block.limit(); ) {
        if (!isFragment(at)) {
          end = end < 0 ? start + at : end;
          at++;
          continue;
        }
        int type = type(at);
        if (end >= 0 && (type == WHOLE || type == FIRST)) {
          if (isStillBad()) {
            return true;
          }
          end = -1; // it had been read while it was written
          load(start);
          continue;
        }
        if (end < 0) {
          count(type, at);
        }
        at += header + length(at);
      }
    }
    return false;
  }

  private void count(int type, int at) {
    if (type == WHOLE || type == FIRST) {
      begun = OptionalLong.empty();
      if (length(at) >= BATCH_HEADER) {
        long sequence = block.getLong(at + header);
        if (first.isEmpty() && next.isEmpty()) {
          first = OptionalLong.of(sequence);
        }
        begun = OptionalLong.of(sequence + block.getInt(at + header + Long.BYTES));
      }
    }
    if (type == WHOLE || type == LAST) {
      next = begun;
    }
  }

  private boolean isStillBad() throws IOException {
    load(end - end % BLOCK);
    return !isFragment((int) (end % BLOCK));
  }

  private void load(long start) throws IOException {
    block.clear();
    long at = start;
    while (block.hasRemaining()) {
      int got = file.read(block, at);
      if (got < 0) {
        break;
      }
      at += got;
    }
    block.flip();
  }

  private int type(int at) {
    return block.get(at + TYPE_AT) - (again ? AGAIN : 0);
  }

  private int length(int at) {
    return Short.toUnsignedInt(block.getShort(at + 4));
  }

  private boolean isFragment(int at) {
    if (block.limit() < at + header) {
      return false;
    }
    int type = type(at);
    if (type < WHOLE || type > LAST || (again && block.getInt(at + NUMBER_AT) != number)) {
      return false;
    }
    int length = length(at);
    if (at + header + length > block.limit()) {
      return false;
    }
    sum.reset();
    sum.update(block.slice(at + TYPE_AT, header - TYPE_AT + length));
    return Integer.rotateRight((int) sum.getValue(), 15) + MASK == block.getInt(at);
  }
}
