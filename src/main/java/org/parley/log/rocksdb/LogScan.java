package org.parley.log.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * What can be read of one log file of RocksDB that is written over again.
 *
 * <p>A file is a row of blocks of 32 KiB, a block a row of fragments: a masked CRC-32C, the length
 * (two bytes), the type, the number of the log (four bytes), the bytes; all little-endian, the sum
 * over all from the type on. The fragments of a write hold its sequence number (eight bytes), the
 * number of its records (four bytes), and the records; the next write has the next number. Logs
 * that were not made to be written over have other types: nothing can be read of them here.
 */
final class LogScan {
  private static final int BLOCK = 32 << 10;
  private static final int HEADER = 11;
  private static final int TYPE_AT = 6;
  private static final int WHOLE = 5;
  private static final int FIRST = 6;
  private static final int LAST = 8;
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
  private final int number;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C sum = new CRC32C();
  private long end = -1;
  private OptionalLong first = OptionalLong.empty();
  private OptionalLong next = OptionalLong.empty();
  private OptionalLong begun = OptionalLong.empty();

  private LogScan(FileChannel file, int number) {
    this.file = file;
    this.number = number;
  }

  /** Reads a file, which may be written meanwhile. */
  static Found read(FileChannel file, long number) throws IOException {
    var scan = new LogScan(file, (int) number);
    boolean damaged = scan.isDamaged();
    return new Found(scan.end, damaged, scan.first, scan.next);
  }

  private boolean isDamaged() throws IOException {
    for (long start = 0; start < file.size(); start += BLOCK) {
      load(start);
      for (int at = 0; at + HEADER <= block.limit(); ) {
        if (!isFragment(at)) {
          end = end < 0 ? start + at : end;
          at++;
          continue;
        }
        int type = block.get(at + TYPE_AT);
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
        at += HEADER + length(at);
      }
    }
    return false;
  }

  private void count(int type, int at) {
    if (type == WHOLE || type == FIRST) {
      begun = OptionalLong.empty();
      if (length(at) >= BATCH_HEADER) {
        long sequence = block.getLong(at + HEADER);
        if (first.isEmpty() && next.isEmpty()) {
          first = OptionalLong.of(sequence);
        }
        begun = OptionalLong.of(sequence + block.getInt(at + HEADER + Long.BYTES));
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

  private int length(int at) {
    return Short.toUnsignedInt(block.getShort(at + 4));
  }

  private boolean isFragment(int at) {
    if (block.limit() < at + HEADER) {
      return false;
    }
    int type = block.get(at + TYPE_AT);
    if (type < WHOLE || type > LAST || block.getInt(at + TYPE_AT + 1) != number) {
      return false;
    }
    int length = length(at);
    if (at + HEADER + length > block.limit()) {
      return false;
    }
    sum.reset();
    sum.update(block.slice(at + TYPE_AT, HEADER - TYPE_AT + length));
    return Integer.rotateRight((int) sum.getValue(), 15) + MASK == block.getInt(at);
  }
}
