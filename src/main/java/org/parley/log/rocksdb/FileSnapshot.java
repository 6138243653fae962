package org.parley.log.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The files of a database that somebody may be writing to, as of one moment: its list of files,
 * copied to a temporary folder, and links to its logs. The files of rows stay where they are; they
 * are never changed, and held by whoever has opened them.
 *
 * <p>Only that moment makes one state of them. Were the list and the names of logs read one after
 * the other in place, a log that is begun and gone in between would leave a hole that nothing tells
 * of: its rows are in files that the list does not have yet.
 */
final class FileSnapshot implements AutoCloseable {
  private static final String LIST_NAME = "CURRENT";

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
   * @return empty if a log was begun meanwhile
   */
  static Optional<FileSnapshot> of(Path database) throws IOException {
    var before = names(database);
    var snapshot = new FileSnapshot(database, Files.createTempDirectory("parley-store"), before);
    boolean taken = false;
    try {
      snapshot.copyList();
      var names = names(database);
      taken = newestLog(names) == newestLog(before);
      for (var name : names) {
        if (LogFile.number(name) >= 0) {
          snapshot.link(name);
        }
      }
    } catch (NoSuchFileException _) {
      taken = false; // another list has come in place of the one that was named
    } finally {
      if (!taken) {
        snapshot.close();
      }
    }
    return taken ? Optional.of(snapshot) : Optional.empty();
  }

  /** A database without a list is left to RocksDB, which says so. */
  private void copyList() throws IOException {
    var current = database.resolve(LIST_NAME);
    if (Files.exists(current)) {
      var name = Files.readString(current);
      Files.writeString(folder.resolve(LIST_NAME), name);
      var list = database.resolve(name.strip());
      if (Files.exists(list)) {
        Files.copy(list, folder.resolve(list.getFileName()));
      }
    }
  }

  private void link(String name) throws IOException {
    Files.createSymbolicLink(folder.resolve(name), database.resolve(name).toAbsolutePath());
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
