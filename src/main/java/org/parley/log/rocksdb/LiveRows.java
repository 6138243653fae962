package org.parley.log.rocksdb;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;
import org.rocksdb.RocksDBException;

/**
 * Opens the rows of a database that a broker may have open, as they were between two of its writes.
 * A database that was written to while it was opened is opened again.
 */
final class LiveRows {
  private static final int ATTEMPTS = 200;

  /** Damage is believed when it was seen so often: what is read while it changes looks like it. */
  private static final int SIGHTINGS = 3;

  private final Path database;
  private int sightings;

  private LiveRows(Path database) {
    this.database = database;
  }

  /**
   * Opens it, with a few temporary files meanwhile.
   *
   * @throws ToolException if there is none, it is of another version, too damaged for RocksDB, or
   *     changes too fast
   */
  static StoredRows open(Path database) throws ToolException {
    var temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      var live = new LiveRows(database);
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        var rows = live.open(FileSnapshot.of(database, temporary));
        if (rows.isPresent()) {
          return rows.get();
        }
      }
    } catch (NoSuchFileException | NotDirectoryException _) {
      throw StoredRows.missing(database);
    } catch (IOException e) {
      throw StoredRows.unreadable(database, Folders.reason(e));
    }
    throw ToolException.unusable("the store changes too fast to be read; try again");
  }

  private Optional<StoredRows> open(Optional<FileSnapshot> taken)
      throws ToolException, IOException {
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    try (var snapshot = taken.get()) {
      var rows = StoredRows.open(snapshot.folder(), database);
      boolean whole = false;
      try {
        whole = isWhole(rows, snapshot);
        return whole ? Optional.of(rows.ofOurSchema(database)) : Optional.empty();
      } finally {
        if (!whole) {
          rows.close();
        }
      }
    } catch (RocksDBException e) {
      if (isSeenOften() && taken.get().isUnchanged()) {
        throw StoredRows.unopened(
            database, StoredRows.reason(e, taken.get().folder(), database), e);
      }
      return Optional.empty();
    }
  }

  private boolean isWhole(StoredRows rows, FileSnapshot snapshot) throws IOException {
    return (rows.damagedLog().isEmpty() || isSeenOften())
        && snapshot.hasLogs(rows.firstLog())
        && (!rows.lacksFiles() || snapshot.isUnchanged());
  }

  private boolean isSeenOften() {
    sightings++;
    return sightings >= SIGHTINGS;
  }
}
