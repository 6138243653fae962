package org.parley.log.rocksdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The files of a database that somebody may be writing to, as of one moment, in a temporary folder:
 * copies of its list of files and of the log that is written, and links to the other logs. The
 * files of rows stay where they are; they are never changed, and held by whoever has opened them.
 *
 * <p>Only that moment makes one state of them. Were the list and the names of logs read one after
 * the other in place, a log that is begun and gone in between would leave a hole that nothing tells
 * of: its rows are in files that the list does not have yet. And RocksDB passes over the rest of a
 * block that it reads while it is being written.
 */
final class FileSnapshot implements AutoCloseable {
  private final Path database;
  private final Path folder;
  private final Set<String> before;

  private FileSnapshot(Path database, Path folder, Set<String> before) {
    this.database = database;
    this.folder = folder;
    this.before = before;
  }

  /**
   * Takes one.
   *
   * @param temporary where its folder is made
   * @return empty if a log was begun meanwhile
   * @throws ToolException if it cannot be kept there
   * @throws IOException if the database cannot be looked through
   */
  static Optional<FileSnapshot> of(Path database, Path temporary)
      throws ToolException, IOException {
    var before = names(database);
    var snapshot = new FileSnapshot(database, newFolder(temporary), before);
    boolean taken = false;
    try {
      taken = snapshot.fill();
    } catch (NoSuchFileException _) {
      taken = false; // another list or log has come in place of the one that was named
    } catch (IOException e) {
      throw ToolException.unusable(
          database + " cannot be copied to " + snapshot.folder + ": " + Folders.reason(e));
    } finally {
      if (!taken) {
        snapshot.close();
      }
    }
    return taken ? Optional.of(snapshot) : Optional.empty();
  }

  private static Path newFolder(Path temporary) throws ToolException {
    try {
      return Files.createTempDirectory(temporary, "parley-store");
    } catch (IOException e) {
      throw ToolException.unusable(
          "no temporary files can be made in " + temporary + ": " + Folders.reason(e));
    }
  }

  /** Returns whether no log was begun between the first look at the folder and the second. */
  private boolean fill() throws IOException {
    copyList();
    var names = names(database);
    long newest = newestLog(names);
    if (newest != newestLog(before)) {
      return false;
    }
    for (var name : names) {
      long number = LogFile.number(name);
      if (number >= 0 && number == newest) {
        copyLog(name, number);
      } else if (number >= 0) {
        Files.createSymbolicLink(folder.resolve(name), database.resolve(name).toAbsolutePath());
      }
    }
    return true;
  }

  /** A database without a list is left to RocksDB, which says so. */
  private void copyList() throws IOException {
    var current = database.resolve(FileList.CURRENT);
    if (Files.exists(current)) {
      var text = FileList.text(current);
      Files.writeString(folder.resolve(FileList.CURRENT), text, StandardCharsets.ISO_8859_1);
      var list = FileList.named(database, text);
      if (list.isPresent()) {
        Files.copy(list.get(), folder.resolve(list.get().getFileName()));
      }
    }
  }

  /** Up to where it is written; to its end if it is damaged, which is told by what is behind. */
  private void copyLog(String name, long number) throws IOException {
    try (var from = FileChannel.open(database.resolve(name));
        var to =
            FileChannel.open(
                folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var found = LogScan.read(from, number);
      long end = found.end() < 0 || found.damaged() ? from.size() : found.end();
      long copied = 0;
      while (copied < end) {
        long moved = from.transferTo(copied, end - copied, to);
        if (moved <= 0) {
          return; // it was cut off meanwhile
        }
        copied += moved;
      }
    }
  }

  private static Set<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  private static long newestLog(Set<String> names) {
    return names.stream().mapToLong(LogFile::number).max().orElse(-1);
  }

  /** Returns the folder, which is a database but for its files of rows. */
  Path folder() {
    return folder;
  }

  /**
   * Returns whether the logs that are needed are all as they were: one whose rows are in files
   * goes, or is written over under another name.
   *
   * @param first the number of the first that the list needs
   */
  boolean hasLogs(long first) throws IOException {
    return names(database)
        .containsAll(before.stream().filter(name -> LogFile.number(name) >= first).toList());
  }

  /** Returns whether no file has come or gone since the snapshot was begun. */
  boolean isUnchanged() throws IOException {
    return names(database).equals(before);
  }

  @Override
  public void close() throws IOException {
    Folders.delete(folder);
  }
}
