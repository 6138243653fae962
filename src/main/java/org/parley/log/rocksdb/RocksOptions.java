package org.parley.log.rocksdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.VectorMemTableConfig;
import org.rocksdb.WALRecoveryMode;

/**
 * How RocksDB is to work: a bounded share of memory and of log files, whatever the load.
 *
 * <p>What has to be quick is to write a batch and have it on the disk. Log files are written over
 * again, since to sync a file that grows is to sync its size, too. What was written is kept in
 * order of time until it is flushed, since nobody reads it before: what is read at run time is in
 * the state's memory.
 */
final class RocksOptions implements AutoCloseable {
  static {
    try {
      NativeLibrary.load(); // what follows is made by it
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final long MIB = 1L << 20;
  private static final long CACHE_BYTES = 16 * MIB;

  static final long DEFAULT_MEMORY_BYTES = 64 * MIB;

  /** The log that a start reads, at most, is so many times the memory. */
  private static final int LOGS = 2;

  /** More than are let go of at once, so that none has to be made. */
  private static final int LOGS_TO_USE_AGAIN = 3;

  private static final long INFO_LOG_BYTES = 4 * MIB;
  private static final int INFO_LOGS = 3;
  private static final int JOBS = 2;

  private final LRUCache cache = new LRUCache(CACHE_BYTES);
  private final BloomFilter filter = new BloomFilter();
  private final ColumnFamilyOptions families;
  private final DBOptions database;

  /**
   * Options for a database that is written to.
   *
   * @param memoryBytes for what is written and not in a file of rows yet, about
   */
  RocksOptions(long memoryBytes) {
    families =
        new ColumnFamilyOptions()
            .setWriteBufferSize(memoryBytes / 2)
            .setMemTableConfig(new VectorMemTableConfig())
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setLevelCompactionDynamicLevelBytes(true)
            .setTableFormatConfig(
                new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(filter));
    database =
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setDbWriteBufferSize(memoryBytes)
            .setMaxTotalWalSize(LOGS * memoryBytes)
            .setAtomicFlush(true) // so that no family that has little to flush keeps logs
            .setRecycleLogFileNum(LOGS_TO_USE_AGAIN)
            .setAllowConcurrentMemtableWrite(false) // there is one writer
            .setMaxLogFileSize(INFO_LOG_BYTES)
            .setKeepLogFileNum(INFO_LOGS)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            .setMaxBackgroundJobs(JOBS)
            .setParanoidChecks(true)
            // What was cut in the middle of a write goes up to the last whole one.
            .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery);
  }

  /** For the tool. */
  RocksOptions() {
    this(DEFAULT_MEMORY_BYTES);
  }

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
