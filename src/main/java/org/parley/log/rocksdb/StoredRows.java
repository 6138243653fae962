package org.parley.log.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
 * it meanwhile ({@link LiveRows}).
 */
final class StoredRows implements AutoCloseable {
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
      return open(path, path).ofOurSchema(path);
    } catch (RocksDBException e) {
      throw Files.isDirectory(path) ? unopened(path, reason(e, path, path), e) : missing(path);
    } catch (IOException e) {
      throw unreadable(path, Folders.reason(e));
    }
  }

  static ToolException missing(Path path) {
    return ToolException.unusable("there is no store in " + path);
  }

  static ToolException unreadable(Path path, String reason) {
    return ToolException.unusable(path + " cannot be read: " + reason);
  }

  static ToolException unopened(Path path, String reason, RocksDBException e) {
    return ToolException.broken("the database " + path + " cannot be opened: " + reason, e);
  }

  /** Returns what RocksDB says, with the names that files have for everybody else. */
  static String reason(RocksDBException e, Path path, Path files) {
    return String.valueOf(e.getMessage()).replace(path.toString(), files.toString());
  }

  /**
   * Opens it up to the damage of its logs, if there is one that RocksDB does not see, and not what
   * is behind that, too.
   *
   * @param path of the list of files, and the logs
   * @param files where the files of rows are
   */
  static StoredRows open(Path path, Path files) throws RocksDBException, IOException {
    var rows = openOnce(path, files);
    boolean whole = false;
    Optional<String> damage;
    try {
      damage =
          rows.damagedLog.isPresent() ? Optional.empty() : LogDamage.find(path, rows::firstLog);
      whole = damage.isEmpty();
    } finally {
      if (!whole) {
        rows.close();
      }
    }
    return whole ? rows : open(path, files, WALRecoveryMode.PointInTimeRecovery, true, damage);
  }

  /** Returns whether a file of rows has gone before it was open here. */
  boolean lacksFiles() {
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
      damagedLog = reason(e, path, files);
    }
    try {
      return open(path, files, WALRecoveryMode.PointInTimeRecovery, true, Optional.of(damagedLog));
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

  /** Returns the number of the first log that is needed. */
  long firstLog() throws IOException {
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

  /** Closes it if it is of another version. */
  StoredRows ofOurSchema(Path path) throws ToolException {
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
  }
}
