package org.parley.log.rocksdb;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The folder of the store, which has one owner at a time: this process holds a lock on a file in
 * it. RocksDB's own lock does not keep a second class loader of one process out.
 */
final class DataDirectory implements AutoCloseable {
  private static final Logger LOG = System.getLogger(DataDirectory.class.getName());
  private static final Set<PosixFilePermission> OWNER_ALONE =
      PosixFilePermissions.fromString("rwx------");
  private static final String LOCK = "owner.lock";
  private static final String DATABASE = "state";
  private static final String REPAIRED = "state.repaired";

  private final Path path;
  private final FileChannel channel;

  private DataDirectory(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Makes the folder if it is missing, for its owner alone, and takes it.
   *
   * @throws IOException if it cannot be made or written to, or has another owner
   */
  static DataDirectory take(Path path) throws IOException {
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    var parent = path.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    keepOthersOut(path, posix);
    var directory = lock(path);
    try {
      if (directory.isHalfRepaired()) {
        throw new IOException("its repair was cut off; run it again");
      }
      directory.settle(posix);
      return directory;
    } catch (IOException e) {
      directory.close();
      throw e;
    }
  }

  /**
   * Makes a folder if it is missing, and keeps others out of it. A folder that somebody else owns,
   * as a volume of a container may be, stays as it is: what is made in it is kept.
   */
  private static void keepOthersOut(Path folder, boolean posix) throws IOException {
    if (!posix) {
      Files.createDirectories(folder);
    } else if (Files.notExists(folder)) {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ALONE));
    } else if (!Files.getPosixFilePermissions(folder).equals(OWNER_ALONE)) {
      try {
        Files.setPosixFilePermissions(folder, OWNER_ALONE);
      } catch (FileSystemException e) {
        LOG.log(Level.WARNING, () -> "the mode of " + folder + " stays as it is: " + e.getReason());
      }
    }
  }

  /**
   * Sees to it that the folders themselves outlive a loss of power, each time: RocksDB does so only
   * for what is in its own. An earlier start may have ended before it came to this.
   */
  private void settle(boolean posix) throws IOException {
    keepOthersOut(database(), posix);
    if (!posix) {
      return;
    }
    sync(path);
    try {
      sync(path.toAbsolutePath().resolveSibling("."));
    } catch (AccessDeniedException _) {
      // not ours: it was there before
    }
  }

  private static void sync(Path folder) throws IOException {
    try (var names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  /**
   * Takes a folder that is there, and changes nothing in it.
   *
   * @throws IOException if there is no store in it, or it has another owner
   */
  static DataDirectory takeExisting(Path path) throws IOException {
    if (!hasStore(path)) {
      throw new IOException("there is no store in it");
    }
    return lock(path);
  }

  /** Returns whether a folder has a store, of whatever state. */
  static boolean hasStore(Path path) {
    return Files.isDirectory(path.resolve(DATABASE)) || Files.isDirectory(path.resolve(REPAIRED));
  }

  /** Returns whether a folder is missing, or has nothing in it that anybody could miss. */
  static boolean isFree(Path path) throws IOException {
    if (Files.notExists(path)) {
      return true;
    }
    try (var files = Files.list(path)) {
      return files
          .map(file -> file.getFileName().toString())
          .allMatch(name -> name.equals(LOCK) || name.equals("lost+found"));
    }
  }

  private static DataDirectory lock(Path path) throws IOException {
    var channel =
        FileChannel.open(
            path.resolve(LOCK), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException _) {
      lock = null;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    if (lock == null) {
      channel.close();
      throw new IOException("another broker has it");
    }
    return new DataDirectory(path, channel);
  }

  Path path() {
    return path;
  }

  Path database() {
    return database(path);
  }

  /** Returns where the database of a folder is. */
  static Path database(Path path) {
    return path.resolve(DATABASE);
  }

  /** Returns where a new database is written before it is whole. */
  Path unfinished() {
    return path.resolve("state.part");
  }

  /** Returns where a repaired database waits for the damaged one to be moved away. */
  Path repaired() {
    return path.resolve(REPAIRED);
  }

  /** Returns whether the damaged database was moved away, and the repaired one is not in place. */
  boolean isHalfRepaired() {
    return Files.notExists(database()) && Files.isDirectory(repaired());
  }

  /** Gives the folder up. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
