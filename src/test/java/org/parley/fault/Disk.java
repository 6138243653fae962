package org.parley.fault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The small disk on which the broker's data is, and a file that fills it. */
final class Disk {
  static final int RESERVE_MIB = 64;
  private static final int MIB = 1024 * 1024;
  private static final long LARGEST = 4096L * MIB;

  private final Path folder;
  private final Path filler;

  /** Takes a folder at the top of a disk. */
  Disk(Path folder) {
    this.folder = folder.toAbsolutePath();
    this.filler = this.folder.resolve("filler");
  }

  Path data() {
    return folder.resolve("data");
  }

  /** Returns whether it is so small that it may be filled: nobody else should be on it. */
  boolean isSmall() throws IOException {
    return Files.getFileStore(folder).getTotalSpace() <= LARGEST;
  }

  /** Leaves so much. */
  void leave(long bytes) throws IOException {
    var zeros = ByteBuffer.allocate(MIB / 4);
    try (var channel =
        FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (left() > bytes) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), left() - bytes));
        if (channel.write(zeros) <= 0) {
          return;
        }
      }
    } catch (IOException e) {
      if (left() > bytes) {
        throw e;
      }
    }
  }

  private long left() throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  void free() throws IOException {
    Files.deleteIfExists(filler);
  }
}
