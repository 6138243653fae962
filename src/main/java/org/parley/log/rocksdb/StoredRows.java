package org.parley.log.rocksdb;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DbPath;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SkipListMemTableConfig;
import org.rocksdb.WALRecoveryMode;

/**
 * The rows of a database at one moment, its log included. Nothing is changed, and a broker may have
 * it meanwhile: its files are open here before it can remove them.
 */
final class StoredRows implements AutoCloseable {
  private static final Logger LOG = System.getLogger(StoredRows.class.getName());

  /** A database that was written to while it was opened is opened again, so many times. */
  private static final int ATTEMPTS = 200;

  /** Damage of a database that somebody may be writing to is believed when it was seen so often. */
  private static final int DOUBTS = 3;

  private static final String FIRST_LOG = "rocksdb.min-log-number-to-keep";

  /** Takes one row. */
  @FunctionalInterface
  interface Visitor {
    void visit(byte[] key, byte[] value) throws RocksDBException;
  }

  private final RocksOptions options;
  private final RocksDB database;
  private final Families families;
  private final ReadOptions reading =
      new ReadOptions().setVerifyChecksums(true).setFillCache(false);
  private final ReadOptions logOnly = new ReadOptions().setReadTier(ReadTier.MEMTABLE_TIER);
  private final boolean allFiles;
  private final Optional<String> damagedLog;
  private @Nullable FileSnapshot snapshot;

  private StoredRows(
      RocksOptions options,
      RocksDB database,
      Families families,
      boolean allFiles,
      Optional<String> damagedLog) {
    this.options = options;
    this.database = database;
    this.families = families;
    this.allFiles = allFiles;
    this.damagedLog = damagedLog;
  }

  /**
   * Opens a database that nobody has open.
   *
   * @throws ToolException if there is none, it is of another version, or too damaged for RocksDB
   */
  static StoredRows open(Path path) throws ToolException {
    try {
      return openOnce(path, path).upToDamage(path, path).ofOurSchema(path);
    } catch (RocksDBException e) {
      throw Files.isDirectory(path) ? unopened(path, e) : missing(path);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /**
   * Opens a database that a broker may have open.
   *
   * @throws ToolException as {@link #open}, and if it changes too fast
   */
  static StoredRows openWhileWritten(Path path) throws ToolException {
    try {
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        var snapshot = FileSnapshot.of(path);
        if (snapshot.isPresent()) {
          var rows = tryToOpen(path, snapshot.get(), attempt >= DOUBTS);
          if (rows.isPresent()) {
            return rows.get();
          }
        }
      }
    } catch (NoSuchFileException | NotDirectoryException _) {
      throw missing(path);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    throw ToolException.unusable("the store changes too fast to be read; try again");
  }

  private static Optional<StoredRows> tryToOpen(
      Path path, FileSnapshot snapshot, boolean damageIsBelieved)
      throws ToolException, IOException {
    boolean opened = false;
    try {
      var rows = openOnce(snapshot.folder(), path).upToDamage(snapshot.folder(), path);
      rows.snapshot = snapshot;
      opened =
          (rows.damagedLog.isEmpty() || damageIsBelieved)
              && snapshot.hasLogs(rows.firstLog())
              && (!rows.lacksFiles() || snapshot.isUnchanged());
      if (opened) {
        return Optional.of(rows.ofOurSchema(path));
      }
      rows.close();
    } catch (RocksDBException e) {
      if (damageIsBelieved && snapshot.isUnchanged()) {
        throw unopened(path, e);
      }
    } finally {
      if (!opened) {
        snapshot.close();
      }
    }
    return Optional.empty();
  }

  private static ToolException missing(Path path) {
    return ToolException.unusable("there is no store in " + path);
  }

  private static ToolException unreadable(Path path, IOException e) {
    return ToolException.unusable(path + " cannot be read: " + Folders.reason(e));
  }

  private static ToolException unopened(Path path, RocksDBException e) {
    return ToolException.broken("the database " + path + " cannot be opened: " + e.getMessage(), e);
  }

  /** Returns whether a file of rows has gone before it was open here. */
  private boolean lacksFiles() {
    return !allFiles
        && database.getLiveFilesMetaData().stream()
            .anyMatch(file -> Files.notExists(Path.of(BadFile.path(file))));
  }

  /**
   * A log that ends in the middle of a write is whole; one that is damaged before that is not, and
   * is read up to there. Files of rows that cannot be opened are left to whoever reads them.
   *
   * @param path of the list of files, and the logs
   * @param files where the files of rows are
   */
  private static StoredRows openOnce(Path path, Path files) throws RocksDBException {
    String damagedLog;
    try {
      return open(
          path, files, WALRecoveryMode.TolerateCorruptedTailRecords, true, Optional.empty());
    } catch (RocksDBException e) {
      damagedLog = e.getMessage();
    }
    try {
      return open(
          path, files, WALRecoveryMode.PointInTimeRecovery, true, Optional.ofNullable(damagedLog));
    } catch (RocksDBException _) {
      return open(path, files, WALRecoveryMode.PointInTimeRecovery, false, Optional.empty());
    }
  }

  private static StoredRows open(
      Path path, Path files, WALRecoveryMode mode, boolean allFiles, Optional<String> damagedLog)
      throws RocksDBException {
    var options = new RocksOptions();
    options
        .database()
        .setCreateIfMissing(false)
        .setDbPaths(List.of(new DbPath(files, 0)))
        .setParanoidChecks(allFiles)
        .setWalRecoveryMode(mode);
    options
        .families()
        .setMemTableConfig(new SkipListMemTableConfig()); // each iterator sorts others
    var handles = new ArrayList<ColumnFamilyHandle>();
    try {
      var database =
          RocksDB.openReadOnly(
              options.database(),
              path.toString(),
              Families.descriptors(options.families()),
              handles);
      return new StoredRows(options, database, new Families(handles), allFiles, damagedLog);
    } catch (RocksDBException e) {
      options.close();
      throw e;
    }
  }

  /** Up to the damage, if there is one that RocksDB has not seen: not what is behind it, too. */
  private StoredRows upToDamage(Path path, Path files) throws IOException, RocksDBException {
    if (damagedLog.isPresent()) {
      return this;
    }
    var damage = LogDamage.find(path, this::firstLog);
    if (damage.isEmpty()) {
      return this;
    }
    close();
    return open(path, files, WALRecoveryMode.PointInTimeRecovery, true, damage);
  }

  private long firstLog() throws IOException {
    try {
      return database.getLongProperty(FIRST_LOG);
    } catch (RocksDBException e) {
      throw new IOException("the first log is not known", e);
    }
  }

  /** Returns the number of the first log that a database which nobody has open needs. */
  static long firstLog(Path path) throws IOException {
    try (var rows = openOnce(path, path)) {
      return rows.firstLog();
    } catch (RocksDBException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private StoredRows ofOurSchema(Path path) throws ToolException {
    byte[] schema;
    try {
      schema = database.get(families.of(Family.META), reading, RocksStore.SCHEMA_KEY);
    } catch (RocksDBException _) {
      return this; // whoever reads the rows comes upon it again
    }
    if (schema != null && !RocksStore.isKnown(schema)) {
      close();
      throw ToolException.unusable("the store " + path + " was made by another version of Parley");
    }
    return this;
  }

  /** Returns what is wrong with the log, if it is damaged: the rows end before that. */
  Optional<String> damagedLog() {
    return damagedLog;
  }

  /** Returns the files of a family, the newest last. */
  List<LiveFileMetaData> files(Family family) {
    return database.getLiveFilesMetaData().stream()
        .filter(file -> Arrays.equals(file.columnFamilyName(), family.label()))
        .sorted(
            Comparator.comparingInt(LiveFileMetaData::level)
                .reversed()
                .thenComparingLong(LiveFileMetaData::largestSeqno))
        .toList();
  }

  /** Returns an iterator over a family that does not know where to begin. */
  RocksIterator iterator(Family family) {
    return database.newIterator(families.of(family), reading);
  }

  /** Returns one over those rows that are in the log only. */
  RocksIterator iteratorOfLog(Family family) {
    return database.newIterator(families.of(family), logOnly);
  }

  /** Visits all rows of a family in the order of their keys. */
  void forEach(Family family, Visitor visitor) throws RocksDBException {
    try (var rows = iterator(family)) {
      for (rows.seekToFirst(); rows.isValid(); rows.next()) {
        visitor.visit(rows.key(), rows.value());
      }
      rows.status();
    }
  }

  @Override
  public void close() {
    families.close();
    database.close();
    reading.close();
    logOnly.close();
    options.close();
    if (snapshot != null) {
      try {
        snapshot.close();
      } catch (IOException e) {
        LOG.log(Level.WARNING, "a temporary folder is left behind", e);
      }
    }
  }
}
