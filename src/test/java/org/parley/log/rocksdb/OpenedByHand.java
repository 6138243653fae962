package org.parley.log.rocksdb;

import java.nio.file.Path;
import java.util.ArrayList;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** The database of a store, to do with it what no version of ours does. */
final class OpenedByHand implements AutoCloseable {
  private final RocksOptions options = new RocksOptions();
  private final RocksDB database;
  private final Families families;

  /** Opens that of a data folder that has one. */
  OpenedByHand(Path data) throws RocksDBException {
    var handles = new ArrayList<ColumnFamilyHandle>();
    database =
        RocksDB.open(
            options.database(),
            DataDirectory.database(data).toString(),
            Families.descriptors(options.families()),
            handles);
    families = new Families(handles);
  }

  /** Puts one row into that of a data folder. */
  static void put(Path data, Family family, byte[] key, byte[] value) throws RocksDBException {
    try (var opened = new OpenedByHand(data)) {
      opened.database().put(opened.of(family), key, value);
    }
  }

  RocksDB database() {
    return database;
  }

  Families families() {
    return families;
  }

  ColumnFamilyHandle of(Family family) {
    return families.of(family);
  }

  @Override
  public void close() {
    families.close();
    database.close();
    options.close();
  }
}
