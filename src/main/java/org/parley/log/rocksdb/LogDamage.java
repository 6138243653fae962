package org.parley.log.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Tells damage in the middle of RocksDB's log from its end. A log file is written over again, so
 * that its end looks like damage to RocksDB: what is behind it is of a former log. It is damage if
 * a write begins behind it that is of this log, and whole.
 *
 * <p>A file is a row of blocks of 32 KiB, a block a row of fragments: a masked CRC-32C, the length
 * (two bytes), the type, the number of the log (four bytes), the bytes; all little-endian, the sum
 * over all from the type on. Logs that were not made to be written over have other types, and are
 * left to RocksDB.
 */
final class LogDamage {
  private static final int BLOCK = 32 << 10;
  private static final int HEADER = 11;
  private static final int TYPE_AT = 6;
  private static final int WHOLE = 5;
  private static final int FIRST = 6;
  private static final int LAST = 8;
  private static final int MASK = 0xa282ead8;

  /** What is at one place of a block. */
  private enum Found {
    BEGINNING,
    CONTINUATION,
    NOTHING
  }

  private final FileChannel file;
  private final int number;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C sum = new CRC32C();

  private LogDamage(FileChannel file, int number) {
    this.file = file;
    this.number = number;
  }

  /**
   * Looks through the logs of a database, which may be written meanwhile.
   *
   * @return the file and the place of the first damage, if there is one
   */
  static Optional<String> find(Path database) throws IOException {
    try (var files = Files.newDirectoryStream(database, "*.log")) {
      for (var path : files) {
        var name = path.getFileName().toString();
        long number = LogFile.number(name);
        long at = number < 0 ? -1 : inFile(path, (int) number);
        if (at >= 0) {
          return Optional.of(name + " cannot be read at " + at + ", but can after that");
        }
      }
    }
    return Optional.empty();
  }

  private static long inFile(Path path, int number) throws IOException {
    try (var file = FileChannel.open(path)) {
      long at = new LogDamage(file, number).find();
      return Files.exists(path) ? at : -1; // or it is being written over, under its next name
    } catch (NoSuchFileException _) {
      return -1; // it is not needed any more
    }
  }

  private long find() throws IOException {
    long end = -1;
    for (long start = 0; start < file.size(); start += BLOCK) {
      read(start);
      for (int at = 0; at + HEADER <= block.limit(); at += HEADER + length(at)) {
        var found = at(at);
        if (found == Found.NOTHING) {
          end = end < 0 ? start + at : end;
        } else if (end >= 0 && found == Found.BEGINNING) {
          if (isStillBad(end)) {
            return end;
          }
          end = -1; // it had been read while it was written
          read(start);
        }
      }
    }
    return -1;
  }

  private boolean isStillBad(long end) throws IOException {
    read(end - end % BLOCK);
    return at((int) (end % BLOCK)) == Found.NOTHING;
  }

  private void read(long start) throws IOException {
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

  private Found at(int at) {
    int type = block.limit() < at + HEADER ? 0 : block.get(at + TYPE_AT);
    if (type < WHOLE || type > LAST || block.getInt(at + TYPE_AT + 1) != number) {
      return Found.NOTHING;
    }
    int length = length(at);
    if (at + HEADER + length > block.limit()) {
      return Found.NOTHING;
    }
    sum.reset();
    sum.update(block.slice(at + TYPE_AT, HEADER - TYPE_AT + length));
    int value = (int) sum.getValue();
    if (Integer.rotateRight(value, 15) + MASK != block.getInt(at)) {
      return Found.NOTHING;
    }
    return type == WHOLE || type == FIRST ? Found.BEGINNING : Found.CONTINUATION;
  }
}
