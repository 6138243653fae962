package org.parley.log.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** A database that is filled once; without a log, it is on the disk when it is finished. */
final class NewDatabase implements AutoCloseable {
  private static final long BATCH_BYTES = 1L << 20;

  private final RocksOptions options = new RocksOptions();
  private final WriteOptions writing = new WriteOptions().setDisableWAL(true);
  private final WriteBatch batch = new WriteBatch();
  private final RocksDB database;
  private final Families families;

  /**
   * Makes it.
   *
   * @throws IOException if there is something of this name
   */
  NewDatabase(Path path) throws RocksDBException, IOException {
    Files.createDirectory(path);
    var handles = new ArrayList<ColumnFamilyHandle>();
    database =
        RocksDB.open(
            options.database().setRecycleLogFileNum(0), // there is no log
            path.toString(),
            Families.descriptors(options.families()),
            handles);
    families = new Families(handles);
  }

  /** Puts a row, in place of what has its key. */
  void put(Family family, byte[] key, byte[] value) throws RocksDBException {
    batch.put(families.of(family), key, value);
    if (batch.getDataSize() >= BATCH_BYTES) {
      write();
    }
  }

  private void write() throws RocksDBException {
    database.write(writing, batch);
    batch.clear();
  }

  /** All rows are on the disk when this returns. */
  void finish() throws RocksDBException {
    write();
    try (var flush = new FlushOptions().setWaitForFlush(true)) {
      for (var family : Family.values()) {
        database.flush(flush, families.of(family));
      }
    }
  }

  @Override
  public void close() {
    families.close();
    database.close();
    batch.close();
    writing.close();
    options.close();
  }
}
