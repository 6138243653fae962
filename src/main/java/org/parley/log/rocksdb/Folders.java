package org.parley.log.rocksdb;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;

/** What is done to folders as a whole. */
final class Folders {
  private static final Logger LOG = System.getLogger(Folders.class.getName());
  private static final Set<PosixFilePermission> OWNER_ALONE =
      PosixFilePermissions.fromString("rw-------");

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

  /**
   * Takes the rights of others to the files of a folder away, as far as they are ours. Nobody else
   * comes to them in a folder of mode 0700, but they may be copied to another one.
   */
  static void ownerAlone(Path folder) throws IOException {
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    try (var files = Files.newDirectoryStream(folder)) {
      for (var file : files) {
        ownerAloneHas(file);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static void ownerAloneHas(Path file) throws IOException {
    try {
      var about = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (about.isRegularFile() && !about.permissions().equals(OWNER_ALONE)) {
        Files.setPosixFilePermissions(file, OWNER_ALONE);
      }
    } catch (FileSystemException e) {
      LOG.log(Level.DEBUG, "the mode of a file stays as it is", e); // gone, or somebody else's
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
