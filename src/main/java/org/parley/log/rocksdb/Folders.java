package org.parley.log.rocksdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;

/** What is done to folders as a whole. */
final class Folders {
  private Folders() {}

  /** Gives a folder another name beside itself, for good. */
  static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    syncEntry(to);
  }

  /** The name of a folder is on the disk when this returns. */
  static void syncEntry(Path folder) throws IOException {
    var parent = folder.toAbsolutePath().getParent();
    if (parent == null) {
      return; // the root was there before
    }
    try (var channel = FileChannel.open(parent, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Removes a folder with all that is in it, if it is there. */
  static void delete(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    try (var all = Files.walk(folder)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** Returns the first name beside a folder, with a number behind, that nobody has. */
  static Path beside(Path folder, String suffix) {
    int number = 1;
    while (Files.exists(folder.resolveSibling(folder.getFileName() + suffix + number))) {
      number++;
    }
    return folder.resolveSibling(folder.getFileName() + suffix + number);
  }

  /** Returns what has failed; the messages of some failures are the names of files alone. */
  static String reason(IOException e) {
    if (e instanceof FileSystemException file && file.getReason() == null) {
      return e.getClass().getSimpleName().replace("Exception", "") + ": " + file.getFile();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
