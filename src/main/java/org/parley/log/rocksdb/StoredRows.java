package org.parley.log.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.rocksdb.ColumnFamilyHandle;
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

  /** A database that was written to while it was opened is opened again, so many times. */
  private static final int ATTEMPTS = 200;

  /** A failure is believed if nothing has changed meanwhile, or after so many. */
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
  private final Optional<String> damagedLog;

  private StoredRows(
      RocksOptions options, RocksDB database, Families families, Optional<String> damagedLog) {
    this.options = options;
    this.database = database;
    this.families = families;
    this.damagedLog = damagedLog;
  }

  /**
   * Opens it.
   *
   * @throws ToolException if there is none, it is of another version, or too damaged for RocksDB
   */
  static StoredRows open(Path path) throws ToolException {
    try {
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        var before = names(path);
        try {
          var rows = openOnce(path);
          boolean doubtful = rows.damagedLog.isPresent() && attempt < DOUBTS;
          if (!doubtful && rows.hasLogs(path, before)) {
            return rows.upToDamage(path).ofOurSchema(path);
          }
          rows.close();
        } catch (RocksDBException e) {
          if (attempt >= DOUBTS && names(path).equals(before)) {
            throw ToolException.broken(
                "the database " + path + " cannot be opened: " + e.getMessage(), e);
          }
        }
      }
    } catch (NoSuchFileException | NotDirectoryException _) {
      throw ToolException.unusable("there is no store in " + path);
    } catch (IOException e) {
      throw ToolException.unusable(path + " cannot be read: " + Folders.reason(e));
    }
    throw ToolException.unusable("the store changes too fast to be read; try again");
  }

  /**
   * Returns whether the logs of before are still there, but for those that only wait to be written
   * over. If one of them had gone after the list of files was read and before the log was, its rows
   * would be in neither, and there would be a hole.
   */
  private boolean hasLogs(Path path, Set<String> before) throws IOException {
    long first = firstLog();
    var now = names(path);
    var needed = before.stream().filter(name -> LogFile.number(name) >= first).toList();
    return needed.isEmpty() ? now.equals(before) : now.containsAll(needed);
  }

  private static Set<String> names(Path path) throws IOException {
    try (var files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  /**
   * A log that ends in the middle of a write is whole; one that is damaged before that is not, and
   * is read up to there. Files of rows that cannot be opened are left to whoever reads them.
   */
  private static StoredRows openOnce(Path path) throws RocksDBException {
    String damagedLog;
    try {
      return open(path, WALRecoveryMode.TolerateCorruptedTailRecords, true, Optional.empty());
    } catch (RocksDBException e) {
      damagedLog = e.getMessage();
    }
    try {
      return open(path, WALRecoveryMode.PointInTimeRecovery, true, Optional.ofNullable(damagedLog));
    } catch (RocksDBException _) {
      return open(path, WALRecoveryMode.PointInTimeRecovery, false, Optional.empty());
    }
  }

  private static StoredRows open(
      Path path, WALRecoveryMode mode, boolean allFiles, Optional<String> damagedLog)
      throws RocksDBException {
    var options = new RocksOptions();
    options
        .database()
        .setCreateIfMissing(false)
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
      return new StoredRows(options, database, new Families(handles), damagedLog);
    } catch (RocksDBException e) {
      options.close();
      throw e;
    }
  }

  /** Up to the damage, if there is one that RocksDB has not seen: not what is behind it, too. */
  private StoredRows upToDamage(Path path) throws IOException, RocksDBException {
    if (damagedLog.isPresent()) {
      return this;
    }
    var damage = LogDamage.find(path, this::firstLog);
    if (damage.isEmpty()) {
      return this;
    }
    close();
    return open(path, WALRecoveryMode.PointInTimeRecovery, true, damage);
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
    try (var rows = openOnce(path)) {
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
  }
}
