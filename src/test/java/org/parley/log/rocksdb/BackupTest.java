package org.parley.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.log.Store.StoreException;
import org.parley.mqtt.state.RecordedRows;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;

/** Copies of stores: the same rows, of one moment, whatever is written meanwhile. */
class BackupTest {
  private static final int BACKUPS = 3;
  private static final int READINGS = 100;
  private static final int LOGS_A_READING = 3;
  private static final int ROWS_A_LOG = 10;

  @TempDir Path folder;

  private Path data() {
    return folder.resolve("data");
  }

  private Path copy() {
    return folder.resolve("copy");
  }

  private void fill() throws StoreException {
    try (var store = RocksStore.open(data())) {
      RocksStoreTest.fill(store.changes());
      RocksStoreTest.write(store, 5_000);
    }
  }

  private static String expected() {
    var rows = new RecordedRows();
    RocksStoreTest.fill(rows);
    return rows.toString();
  }

  @Test
  void givenBackup_whenRestored_thenTheStoreAsItWas() throws Exception {
    fill();

    var backup = ToolRun.of("backup", data(), copy());
    var restored = folder.resolve("restored");
    var restore = ToolRun.of("restore", copy(), restored);

    assertThat(backup.status()).isZero();
    assertThat(backup.out()).contains("entries 5", "retained 2").endsWith("saved in " + copy());
    assertThat(restore.status()).isZero();
    assertThat(restore.out()).contains("entries 5").endsWith("restored to " + restored);
    assertThat(Files.getPosixFilePermissions(restored))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    StoreFiles.assertFilesAreForTheirOwnerAlone(restored);
    assertThat(ToolRun.of("check", copy()).status()).isZero();
    try (var store = RocksStore.open(restored)) {
      assertThat(store.lastTime()).isEqualTo(5_000);
      assertThat(RocksStoreTest.read(store)).hasToString(expected());
    }
  }

  @Test
  void givenStoreThatHasAnOwner_whenSaved_thenWhatIsInItsLogToo() throws Exception {
    try (var store = RocksStore.open(data())) {
      RocksStoreTest.fill(store.changes());
      RocksStoreTest.write(store, 1);

      assertThat(ToolRun.of("backup", data(), copy()).status()).isZero();
    }
    try (var store = RocksStore.open(copy())) {
      assertThat(RocksStoreTest.read(store)).hasToString(expected());
    }
  }

  @Test
  void givenTargetThatIsThere_whenSaved_thenRefusedAndNotTouched() throws Exception {
    fill();
    Files.createDirectory(copy());

    var run = ToolRun.of("backup", data(), copy());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).containsExactly(copy() + " is there already");
    assertThat(copy()).isEmptyDirectory();
  }

  @Test
  void givenFolderWithAStore_whenRestoredTo_thenRefusedAndNotTouched() throws Exception {
    fill();
    ToolRun.of("backup", data(), copy());

    var run = ToolRun.of("restore", copy(), data());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).containsExactly(data() + " is not empty");
    try (var store = RocksStore.open(data())) {
      assertThat(RocksStoreTest.read(store)).hasToString(expected());
    }
  }

  @Test
  void givenEmptyFolder_whenRestoredTo_thenForItsOwnerAlone() throws Exception {
    fill();
    ToolRun.of("backup", data(), copy());
    var empty = Files.createDirectory(folder.resolve("empty"));
    Files.setPosixFilePermissions(empty, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThat(ToolRun.of("restore", copy(), empty).status()).isZero();

    assertThat(Files.getPosixFilePermissions(empty))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(ToolRun.of("check", empty).status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"backup", "restore"})
  void givenNoStore_whenCopied_thenOneLineSaysSoAndNothingIsMade(String command) {
    var run = ToolRun.of(command, data(), copy());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).singleElement().asString().contains("there is no store in");
    assertThat(copy()).doesNotExist();
  }

  @Test
  void givenStoreThatCannotBeRead_whenSaved_thenNothingIsLeftOfTheCopy() throws Exception {
    fill();
    var file = ToolRun.files(data(), Family.MESSAGE).getFirst();
    var bytes = Files.readAllBytes(file);
    bytes[20] ^= 1;
    Files.write(file, bytes);

    var run = ToolRun.of("backup", data(), copy());

    assertThat(run.status()).isOne();
    assertThat(run.err()).singleElement().asString().contains("checksum mismatch");
    assertThat(copy()).doesNotExist();
  }

  /** Rows of several families in each write; each write takes some of the one before away. */
  private static void writeStep(RocksStore store, long step, boolean sync) throws StoreException {
    var rows = store.changes();
    rows.session(RocksStoreTest.session(step));
    rows.message(step, RocksStoreTest.message("a", "m" + "x".repeat(20_000)));
    rows.entry(step, RocksStoreTest.entry(step, RocksStoreTest.message("a", "x")), step);
    rows.retained(RocksStoreTest.retained("r", "" + step));
    if (step > 1) {
      rows.sessionGone(step - 1);
      rows.messageGone(step - 1);
    }
    store.write(store.take(), step, sync);
  }

  /** What a store has after so many writes. */
  private static String after(long step) {
    var rows = new RecordedRows();
    rows.session(RocksStoreTest.session(step));
    var message = RocksStoreTest.message("a", "m" + "x".repeat(20_000));
    rows.message(step, message);
    rows.entry(step, RocksStoreTest.entry(step, message), step);
    rows.retained(RocksStoreTest.retained("r", "" + step));
    return rows.toString();
  }

  /** One whose files of rows come and go many times in a second, and one that waits for nothing. */
  @ParameterizedTest
  @CsvSource({"4194304, true", "67108864, false"})
  @Timeout(120)
  void givenStoreThatIsWrittenTo_whenSaved_thenAfterOneOfItsWrites(long memoryBytes, boolean sync)
      throws Exception {
    var ended = new AtomicBoolean();
    var begun = new CountDownLatch(1);
    try (var store = RocksStore.open(data(), memoryBytes);
        var writer = Executors.newSingleThreadExecutor();
        AutoCloseable _ = () -> ended.set(true)) { // before the others are closed
      var written =
          writer.submit(
              () -> {
                long step = 0;
                while (!ended.get()) {
                  writeStep(store, ++step, sync);
                  begun.countDown();
                }
                return step;
              });
      begun.await();
      for (int i = 0; i < BACKUPS; i++) {
        assertThat(ToolRun.of("backup", data(), folder.resolve("copy" + i)).err()).isEmpty();
      }
      ended.set(true);
      assertThat(written.get()).isPositive();
    }

    long last = 0;
    for (int i = 0; i < BACKUPS; i++) {
      try (var store = RocksStore.open(folder.resolve("copy" + i))) {
        assertThat(store.lastTime()).isGreaterThan(last);
        last = store.lastTime();
        assertThat(RocksStoreTest.read(store)).hasToString(after(last));
      }
    }
  }

  /** A log goes as soon as its rows are in files: here several times while a store is opened. */
  @Test
  @Timeout(120)
  void givenLogsThatGo_whenRead_thenNoHole() throws Exception {
    RocksStore.open(data()).close();
    var handles = new ArrayList<ColumnFamilyHandle>();
    var turns = new Semaphore(0);
    try (var options = new RocksOptions();
        var database =
            RocksDB.open(
                options.database(),
                data().resolve("state").toString(),
                Families.descriptors(options.families()),
                handles);
        var flush = new FlushOptions();
        var writer = Executors.newSingleThreadExecutor();
        AutoCloseable _ = () -> turns.release(READINGS)) { // before the others are closed
      var retained = new Families(handles).of(Family.RETAINED);
      var written =
          writer.submit(
              () -> {
                int step = 0;
                for (int i = 0; i < READINGS; i++) {
                  turns.acquire();
                  for (int log = 0; log < LOGS_A_READING; log++) {
                    for (int row = 0; row < ROWS_A_LOG; row++) {
                      database.put(retained, Key.of(step++), new byte[1]);
                    }
                    database.flush(flush, handles);
                  }
                }
                return step;
              });
      for (int i = 0; i < READINGS; i++) {
        turns.release();
        try (var rows = LiveRows.open(data().resolve("state"))) {
          var next = new long[1];
          rows.forEach(
              Family.RETAINED, (key, _) -> assertThat(Key.number(key)).isEqualTo(next[0]++));
        }
      }
      assertThat(written.get()).isEqualTo(READINGS * LOGS_A_READING * ROWS_A_LOG);
    }
  }
}
