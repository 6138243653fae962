package org.parley.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.log.Store.StoreException;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteOptions;

/** Logs of RocksDB that are written over again, and what is wrong with them. */
final class LogDamageTest {
  private static final int ROW = 1_000;

  @TempDir Path folder;

  private Path killed() {
    return folder.resolve("killed");
  }

  private Path database() {
    return killed().resolve("state");
  }

  /** Copies a store whose log was used before, for more than it holds now; returns its rows. */
  private int kill(int rows) throws Exception {
    var data = folder.resolve("data");
    RocksStore.open(data).close();
    var handles = new ArrayList<ColumnFamilyHandle>();
    try (var options = new RocksOptions();
        var writing = new WriteOptions();
        var flush = new FlushOptions();
        var open =
            RocksDB.open(
                options.database(),
                data.resolve("state").toString(),
                Families.descriptors(options.families()),
                handles)) {
      var families = new Families(handles);
      for (int round = 0; round < 3; round++) {
        put(open, families, writing, 200);
        open.flush(flush, List.of(families.of(Family.DAMAGED)));
      }
      put(open, families, writing, rows);
      Files.createDirectory(killed());
      RocksStoreTest.copy(data.resolve("state"), database());
      families.close();
    }
    return rows;
  }

  private static void put(RocksDB open, Families families, WriteOptions writing, int rows)
      throws Exception {
    var random = new Random(rows);
    for (int i = 0; i < rows; i++) {
      var value = new byte[ROW];
      random.nextBytes(value);
      open.put(families.of(Family.DAMAGED), writing, Key.of(rows * 1_000L + i), value);
    }
  }

  private Path log() throws IOException {
    return RocksStoreTest.newestLog(database());
  }

  private void change(long at) throws IOException {
    try (var file = new RandomAccessFile(log().toFile(), "rw")) {
      file.seek(at);
      int value = file.read();
      file.seek(at);
      file.write(value ^ 0xFF);
    }
  }

  private long read() throws StoreException {
    try (var store = RocksStore.open(killed())) {
      RocksStoreTest.read(store);
      return store.damaged();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 20, 100})
  void givenLogThatWasUsedBefore_whenOpened_thenItsOwnWritesAndNoDamage(int rows) throws Exception {
    kill(rows);

    assertThat(Files.size(log())).isGreaterThan(200 * ROW); // of the former log
    assertThat(LogDamage.find(database())).isEmpty();
    assertThat(read()).isEqualTo(200 + rows);
  }

  @Test
  void givenLastWriteThatIsNotWhole_whenLooked_thenThatIsItsEnd() throws Exception {
    kill(20);
    change(20 * ROW);

    assertThat(LogDamage.find(database())).isEmpty();
    assertThat(read()).isEqualTo(200 + 19);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 4, 5, 6, 7, 500, 40_000, 64 << 10})
  void givenBitsThatHaveTurnedBeforeOtherWrites_whenLooked_thenDamage(long at) throws Exception {
    kill(100);
    change(at);

    assertThat(LogDamage.find(database()).orElseThrow())
        .startsWith(log().getFileName() + " cannot be read at ");
    assertThat(read()).isBetween(201L, 200L + 100); // and one for the log
  }
}
