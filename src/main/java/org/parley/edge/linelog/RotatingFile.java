package org.parley.edge.linelog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that lines are added to. When it is full it becomes {@code name.1}, what was that {@code
 * name.2} and so on, and a new one begins; the oldest is deleted. One that somebody moved away or
 * deleted is begun anew. Readable by its owner and group only. Not for several threads.
 *
 * <p>{@code java.util.logging.FileHandler} does the like, but gives its files the mode of the umask
 * and names of its own, flushes every line, and is quiet about most failures.
 */
final class RotatingFile implements AutoCloseable {
  private static final String MODE = "rw-r-----";

  private final Path path;
  private final long maximumBytes;
  private final int files;
  private @Nullable Opened opened;

  /**
   * An open file.
   *
   * @param key names the file itself, however it is called by now
   * @param size what was in it when it was opened
   */
  private record Opened(FileChannel channel, @Nullable Object key, boolean regular, long size) {}

  /** What is in the open file, the bytes of a write that failed left out. */
  private long size;

  /**
   * @param maximumBytes of one file; one write alone may be more
   * @param files how many there are at the most, the one that is written included
   */
  RotatingFile(Path path, long maximumBytes, int files) {
    this.path = path;
    this.maximumBytes = maximumBytes;
    this.files = files;
  }

  /**
   * Adds lines: all of them, or on failure as a rule none.
   *
   * @throws IOException if they are not written; the next call tries again from the beginning
   */
  void write(byte[] lines) throws IOException {
    try {
      var file = current();
      if (file.regular && size > 0 && size + lines.length > maximumBytes) {
        close();
        shift();
        file = current();
      }
      append(file.channel, lines);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void append(FileChannel channel, byte[] lines) throws IOException {
    var bytes = ByteBuffer.wrap(lines);
    try {
      while (bytes.hasRemaining()) {
        int _ = channel.write(bytes);
      }
      size += lines.length;
    } catch (IOException e) {
      cutHalfLine(channel);
      throw e;
    }
  }

  private void cutHalfLine(FileChannel channel) {
    try {
      channel.truncate(size);
    } catch (IOException _) {
      // The file may end in the middle of a line then; what is wrong is told by the write.
    }
  }

  private Opened current() throws IOException {
    var file = opened;
    if (file != null && movedAway(file)) {
      close();
      file = null;
    }
    if (file == null) {
      file = open();
      opened = file;
      size = file.size;
    }
    return file;
  }

  private boolean movedAway(Opened file) {
    try {
      return !Objects.equals(attributes().fileKey(), file.key);
    } catch (IOException _) {
      return true;
    }
  }

  private BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class);
  }

  private Opened open() throws IOException {
    var options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    var channel = FileChannel.open(path, options, permissions());
    try {
      var attributes = attributes();
      return new Opened(
          channel, attributes.fileKey(), attributes.isRegularFile(), attributes.size());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private FileAttribute<?>[] permissions() {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(MODE))
        }
        : new FileAttribute<?>[0];
  }

  private void shift() throws IOException {
    for (int number = files - 2; number >= 0; number--) {
      var from = numbered(number);
      if (Files.exists(from)) {
        Files.move(from, numbered(number + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.deleteIfExists(path);
  }

  private Path numbered(int number) {
    return number == 0 ? path : path.resolveSibling(path.getFileName() + "." + number);
  }

  @Override
  public void close() throws IOException {
    var file = opened;
    opened = null;
    if (file != null) {
      file.channel.close();
    }
  }
}
