package org.parley.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.log.Store.StoreException;
import org.rocksdb.FlushOptions;
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
    try (var open = new OpenedByHand(data);
        var writing = new WriteOptions();
        var flush = new FlushOptions()) {
      for (int round = 0; round < 3; round++) {
        put(open, writing, 200);
        open.database().flush(flush, List.of(open.of(Family.DAMAGED)));
      }
      put(open, writing, rows);
      Files.createDirectory(killed());
      StoreFiles.copy(data.resolve("state"), database());
    }
    return rows;
  }

  private static void put(OpenedByHand open, WriteOptions writing, int rows) throws Exception {
    var random = new Random(rows);
    for (int i = 0; i < rows; i++) {
      var value = new byte[ROW];
      random.nextBytes(value);
      open.database().put(open.of(Family.DAMAGED), writing, Key.of(rows * 1_000L + i), value);
    }
  }

  private Path log() throws IOException {
    return StoreFiles.newestLog(database());
  }

  private void change(long at) throws IOException {
    change(log(), at);
  }

  private static void change(Path path, long at) throws IOException {
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(at);
      int value = file.read();
      file.seek(at);
      file.write(value ^ 0xFF);
    }
  }

  private Optional<String> damage() throws IOException {
    return LogDamage.find(database(), () -> StoredRows.firstLog(database()));
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
    assertThat(damage()).isEmpty();
    assertThat(read()).isEqualTo(200 + rows);
  }

  @Test
  void givenLastWriteThatIsNotWhole_whenLooked_thenThatIsItsEnd() throws Exception {
    kill(20);
    change(20 * ROW);

    assertThat(damage()).isEmpty();
    assertThat(read()).isEqualTo(200 + 19);
  }

  /** Each write is a fragment of {@code ROW} bytes and some more, but where a block ends. */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4, 0",
    "5, 0",
    "6, 0",
    "7, 0",
    "500, 0",
    "1500, 1",
    "20000, 19",
    "40000, 38",
    "65536, 63"
  })
  void givenBitsThatHaveTurnedBeforeOtherWrites_whenOpened_thenDamageAndWhatWasBefore(
      long at, int rows) throws Exception {
    kill(100);
    change(at);

    assertThat(damage().orElseThrow()).startsWith(log().getFileName() + " cannot be read at ");
    assertThat(ToolRun.of("check", killed()).out().getFirst()).startsWith("the log is damaged: ");
    assertThat(read()).isEqualTo(200 + rows + 1); // and one for the log
    try (var kept = Files.list(killed())) {
      assertThat(kept.map(path -> path.getFileName().toString())).contains("state.log.1");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6, 500})
  void givenFewWrites_whenTheirFirstIsDamaged_thenDamage(long at) throws Exception {
    kill(20);
    change(at);

    assertThat(damage()).isPresent();
  }

  @Test
  void givenDamageInLogThatIsNotNeeded_whenLooked_thenNone() throws Exception {
    kill(20);
    try (var files = Files.list(database())) {
      var waiting =
          files
              .filter(path -> LogFile.number(path.getFileName().toString()) >= 0)
              .min(Comparator.naturalOrder())
              .orElseThrow();
      assertThat(waiting).isNotEqualTo(log());
      change(waiting, 500);
    }

    assertThat(damage()).isEmpty();
    assertThat(read()).isEqualTo(200 + 20);
  }

  @Test
  void givenStartsThatFindDamage_whenOneMore_thenLogsAreKeptNineTimesAtMost() throws Exception {
    kill(100);
    change(500);
    for (int i = 1; i < 10; i++) {
      Files.createDirectory(killed().resolve("state.log." + i));
    }

    read();

    assertThat(killed().resolve("state.log.10")).doesNotExist();
  }

  /** While rows are flushed, the log before is needed, too. */
  @Test
  void givenDamageAtTheEndOfTheLogBefore_whenOpened_thenDamageAndNoHole() throws Exception {
    var data = folder.resolve("data");
    RocksStore.open(data).close();
    Path before;
    try (var open = new OpenedByHand(data);
        var writing = new WriteOptions();
        var flush = new FlushOptions().setWaitForFlush(false)) {
      put(open, writing, 50);
      before = StoreFiles.newestLog(data.resolve("state")).getFileName();
      open.database().pauseBackgroundWork(); // the flush has begun only
      open.database().flush(flush, List.of(open.of(Family.DAMAGED)));
      put(open, writing, 60);
      Files.createDirectory(killed());
      StoreFiles.copy(data.resolve("state"), database());
      open.database().continueBackgroundWork();
    }
    assertThat(damage()).isEmpty();
    change(database().resolve(before), 49 * ROW + 900);

    assertThat(damage().orElseThrow()).startsWith(before + " cannot be read at ");
    assertThat(ToolRun.of("check", killed()).err()).isEmpty();
    assertThat(ToolRun.of("check", killed()).out())
        .anyMatch(line -> line.startsWith("the log is damaged: "))
        .anyMatch(line -> line.startsWith("48 rows were put aside"));
    assertThat(read()).isEqualTo(48 + 1);
  }
}
