package org.parley.log.rocksdb;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import org.parley.log.Store;
import org.parley.log.rocksdb.Collector.Collected;
import org.parley.mqtt.state.StateChanges;
import org.parley.mqtt.state.StateRows;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Rows in one database of RocksDB, in a folder that has no other owner. */
public final class RocksStore implements Store {
  private static final Logger LOG = System.getLogger(RocksStore.class.getName());

  /** What the rows mean; a version that is not known is not touched. */
  static final long SCHEMA = 2;

  /** Its retained messages have no publishers: its rows can be read as they are. */
  static final long FORMER_SCHEMA = 1;

  /** Damaged logs are kept nine times. */
  private static final String TOO_MANY = ".log.10";

  static final byte[] SCHEMA_KEY = "schema".getBytes(StandardCharsets.UTF_8);
  static final byte[] TIME_KEY = "time".getBytes(StandardCharsets.UTF_8);

  /** How many files of rows could not be made since the store was opened. */
  private static final String BACKGROUND_ERRORS = "rocksdb.background-errors";

  private final DataDirectory directory;
  private final RocksOptions options;
  private final RocksDB database;
  private final Families families;
  private final Collector collector;
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final WriteOptions unsynced = new WriteOptions().setSync(false);
  private long lastTime;
  private long damagedLogs;
  private long damagedRows;

  private RocksStore(
      DataDirectory directory, RocksOptions options, RocksDB database, Families families) {
    this.directory = directory;
    this.options = options;
    this.database = database;
    this.families = families;
    this.collector = new Collector(families);
  }

  /** Opens it with as much memory as is the default. */
  public static RocksStore open(Path path) throws StoreException {
    return open(path, RocksOptions.DEFAULT_MEMORY_BYTES);
  }

  /**
   * Opens the store, and makes it if there is none.
   *
   * @param memoryBytes for what is written and not in order on the disk yet, at least 128 KiB
   * @throws StoreException if the folder cannot be used or has another owner, or if what is in it
   *     is damaged or of another version; the message says which, in one line
   */
  public static RocksStore open(Path path, long memoryBytes) throws StoreException {
    DataDirectory directory;
    try {
      directory = DataDirectory.take(path);
    } catch (IOException e) {
      throw new StoreException("the data folder " + path + " cannot be used: " + reason(e), e);
    }
    try {
      return open(directory, memoryBytes);
    } catch (StoreException | RuntimeException | Error e) {
      close(directory);
      throw e;
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static RocksStore open(DataDirectory directory, long memoryBytes) throws StoreException {
    try {
      NativeLibrary.load();
    } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
      throw new StoreException(
          "the native library of the store cannot be loaded: is the folder of temporary files"
              + " mounted noexec? PARLEY_DURABILITY=memory does without",
          e);
    }
    var damage = damage(directory);
    var options = new RocksOptions(memoryBytes);
    var handles = new ArrayList<ColumnFamilyHandle>();
    RocksStore store;
    try {
      var database =
          RocksDB.open(
              options.database(),
              directory.database().toString(),
              Families.descriptors(options.families()),
              handles);
      store = new RocksStore(directory, options, database, new Families(handles));
    } catch (RocksDBException e) {
      options.close();
      throw new StoreException(
          "the store in " + directory.path() + " cannot be opened: " + e.getMessage(), e);
    }
    try {
      store.readMeta();
      if (damage.isPresent()) {
        LOG.log(
            Level.ERROR,
            () ->
                "the store's log is damaged: "
                    + damage.get()
                    + "; what was written after that is lost, if it had been on the disk");
        store.damagedLogs = 1;
      }
      store.tidy();
      return store;
    } catch (StoreException e) {
      store.closeDatabase();
      throw e;
    }
  }

  /** What cannot be found out here keeps nobody from starting: RocksDB says what it cannot open. */
  private static Optional<String> damage(DataDirectory directory) {
    var database = directory.database();
    if (Files.notExists(database)) {
      return Optional.empty();
    }
    try {
      var list = FileList.cutEnd(database);
      var log = LogDamage.find(database, () -> firstLog(database));
      if (log.isPresent()) {
        keepLogs(database);
      }
      return list.or(() -> log);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the store's log could not be looked through", e);
      return Optional.empty();
    }
  }

  private static long firstLog(Path database) {
    try {
      return StoredRows.firstLog(database);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "which log is the first that is needed is not known", e);
      return 0;
    }
  }

  /** RocksDB removes what it could not read; somebody may want to look at it. */
  private static void keepLogs(Path database) throws IOException {
    var kept = Folders.beside(database, ".log.");
    if (kept.toString().endsWith(TOO_MANY)) {
      return; // a start that fails is tried again and again
    }
    Files.createDirectory(kept);
    try (var files = Files.list(database)) {
      for (var file : files.toList()) {
        if (LogFile.number(file.getFileName().toString()) >= 0) {
          Files.createLink(kept.resolve(file.getFileName()), file);
        }
      }
    }
    Folders.ownerAlone(kept);
    LOG.log(Level.WARNING, () -> "the log as it was is kept in " + kept);
  }

  private void readMeta() throws StoreException {
    try {
      var meta = families.of(Family.META);
      var schema = database.get(meta, SCHEMA_KEY);
      if (schema != null && !isKnown(schema)) {
        throw new StoreException(
            "the store in " + directory.path() + " was made by another version of Parley", null);
      }
      if (!Arrays.equals(schema, number(SCHEMA))) {
        database.put(meta, synced, SCHEMA_KEY, number(SCHEMA)); // no older version takes it now
      }
      var time = database.get(meta, TIME_KEY);
      lastTime = time == null ? 0 : ByteBuffer.wrap(time).getLong();
    } catch (RocksDBException e) {
      throw new StoreException("the store cannot be read: " + e.getMessage(), e);
    }
  }

  /** Returns whether the rows of a store with this schema can be read. */
  static boolean isKnown(byte[] schema) {
    return Arrays.equals(schema, number(SCHEMA)) || Arrays.equals(schema, number(FORMER_SCHEMA));
  }

  static byte[] number(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  /** Keeps its files for their owner alone; to be called now and then, since there are new ones. */
  public void tidy() {
    try {
      Folders.ownerAlone(directory.path());
      Folders.ownerAlone(directory.database());
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the modes of the store's files stay as they are", e);
    }
  }

  @Override
  public void load(StateRows rows) throws StoreException {
    try {
      damagedRows = new Loader(database, families, synced).load(rows);
    } catch (RocksDBException e) {
      throw new StoreException(
          "the store in " + directory.path() + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Returns how many rows were put aside because they could not be read, now or earlier, and one
   * more if the log was damaged at this start: nobody knows how many rows that has taken.
   */
  public long damaged() {
    return damagedLogs + damagedRows;
  }

  @Override
  public long lastTime() {
    return lastTime;
  }

  @Override
  public StateChanges changes() {
    return collector;
  }

  @Override
  public long changed() {
    return collector.changed();
  }

  @Override
  public long collectedBytes() {
    return collector.bytes();
  }

  @Override
  public Batch take() {
    return collector.take();
  }

  @Override
  public void write(Batch batch, long time, boolean sync) throws StoreException {
    if (!(batch instanceof Collected collected)) {
      throw new IllegalArgumentException("not of this store");
    }
    try (var rows = new WriteBatch(collected.rows())) {
      rows.put(families.of(Family.META), TIME_KEY, number(time));
      database.write(sync ? synced : unsynced, rows);
    } catch (RocksDBException e) {
      throw new StoreException("a write has failed: " + e.getMessage(), e);
    }
  }

  /**
   * What finds no room makes RocksDB wait for room, and a write that already waits for memory to be
   * emptied waits with it. Its listeners would be the way to forbid that, but they cannot be called
   * on its own threads where this class is not of the system's class loader.
   */
  @Override
  public boolean broken() {
    try {
      return database.getLongProperty(BACKGROUND_ERRORS) > 0;
    } catch (RocksDBException e) {
      LOG.log(Level.WARNING, "the store does not say how it is", e);
      return false;
    }
  }

  /** What is closed is closed once: the library would touch memory that is not its own any more. */
  @Override
  public void close() {
    if (!database.isOwningHandle()) {
      return;
    }
    try (var flush = new FlushOptions().setWaitForFlush(true)) {
      database.flush(flush, families.all()); // the next start has no log to read
    } catch (RocksDBException e) {
      LOG.log(Level.WARNING, "the store could not be put in order; the next start does it", e);
    }
    closeDatabase();
    tidy();
    close(directory);
  }

  private void closeDatabase() {
    families.close();
    try {
      database.closeE();
    } catch (RocksDBException e) {
      LOG.log(Level.WARNING, "the store did not close well", e);
    }
    synced.close();
    unsynced.close();
    options.close();
  }

  private static void close(DataDirectory directory) {
    try {
      directory.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the data folder could not be given up", e);
    }
  }
}
