package org.parley.log.rocksdb;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WALRecoveryMode;

/** How RocksDB is to work: a bounded share of memory and of log files, whatever the load. */
final class RocksOptions implements AutoCloseable {
  static {
    RocksDB.loadLibrary(); // what follows is made by it
  }

  private static final long MIB = 1L << 20;
  private static final long MEMTABLES_BYTES = 64 * MIB;
  private static final long CACHE_BYTES = 16 * MIB;
  private static final long LOGS_BYTES = 256 * MIB;
  private static final long INFO_LOG_BYTES = 4 * MIB;
  private static final int INFO_LOGS = 3;
  private static final int JOBS = 2;

  private final LRUCache cache = new LRUCache(CACHE_BYTES);
  private final BloomFilter filter = new BloomFilter();
  private final ColumnFamilyOptions families =
      new ColumnFamilyOptions()
          .setWriteBufferSize(MEMTABLES_BYTES / 2)
          .setCompressionType(CompressionType.LZ4_COMPRESSION)
          .setLevelCompactionDynamicLevelBytes(true)
          .setTableFormatConfig(
              new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(filter));

  private final DBOptions database =
      new DBOptions()
          .setCreateIfMissing(true)
          .setCreateMissingColumnFamilies(true)
          .setDbWriteBufferSize(MEMTABLES_BYTES)
          .setMaxTotalWalSize(LOGS_BYTES)
          .setMaxLogFileSize(INFO_LOG_BYTES)
          .setKeepLogFileNum(INFO_LOGS)
          .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
          .setMaxBackgroundJobs(JOBS)
          .setParanoidChecks(true)
          // What was cut in the middle of a write goes up to the last whole one.
          .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery);

  ColumnFamilyOptions families() {
    return families;
  }

  DBOptions database() {
    return database;
  }

  @Override
  public void close() {
    database.close();
    families.close();
    filter.close();
    cache.close();
  }
}
