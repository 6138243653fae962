package org.parley.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.parley.log.Store.StoreException;
import org.parley.log.row.RetainedRow;
import org.parley.mqtt.packet.Will;
import org.parley.mqtt.state.RecordedRows;
import org.parley.mqtt.state.RetainedMessage;
import org.parley.mqtt.state.SessionRecord;
import org.parley.mqtt.state.StateChanges;

/** A damaged store costs what is damaged, and is kept as it was. */
class RepairTest {
  private static final int MANY = 2_000;

  @TempDir Path folder;

  private Path data() {
    return folder.resolve("data");
  }

  /** A text that cannot be packed. */
  private static String noise(int seed) {
    var random = new SplittableRandom(seed);
    var text = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      text.append((char) random.nextInt(0x20, 0x7F));
    }
    return text.toString();
  }

  private static RetainedMessage retained(int number) {
    return RocksStoreTest.retained("r/%04d".formatted(number), noise(number));
  }

  private static void fillMany(StateChanges rows) {
    for (int i = 0; i < MANY; i++) {
      rows.retained(retained(i));
    }
  }

  private interface Rows {
    void tell(StateChanges rows);
  }

  /** Each write ends in files of its own. */
  private void write(Rows rows) throws StoreException {
    try (var store = RocksStore.open(data())) {
      rows.tell(store.changes());
      RocksStoreTest.write(store, 1);
    }
  }

  private String read() throws StoreException {
    try (var store = RocksStore.open(data())) {
      return RocksStoreTest.read(store).toString();
    }
  }

  private static String recorded(Rows rows) {
    var recorded = new RecordedRows();
    rows.tell(recorded);
    return recorded.toString();
  }

  private static void overwrite(Path file, long at) throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      bytes.write(new byte[16]);
    }
  }

  private static void empty(Path file) throws IOException {
    Files.write(file, new byte[(int) Files.size(file)]);
  }

  /** Returns how many retained messages are left, each as it was. */
  private int retainedLeft() throws Exception {
    var left = new int[1];
    try (var rows = StoredRows.open(data().resolve("state"))) {
      rows.forEach(
          Family.RETAINED,
          (_, value) -> {
            var message = RetainedRow.decode(value);
            int number = Integer.parseInt(message.message().topic().text().substring(2));
            assertThat(message).isEqualTo(retained(number));
            left[0]++;
          });
    }
    return left[0];
  }

  @Test
  void givenWholeStore_whenRepaired_thenNothingIsLost() throws Exception {
    write(RocksStoreTest::fill);

    var run = ToolRun.of("repair", data());

    assertThat(run.out())
        .contains("entries 5", "nothing was lost")
        .contains("the database as it was is kept: " + data().resolve("state.damaged.1"));
    assertThat(run.status()).isZero();
    assertThat(read()).isEqualTo(recorded(RocksStoreTest::fill));
    assertThat(ToolRun.of("check", data()).status()).isZero();
  }

  @Test
  void givenBlocksThatCannotBeRead_whenRepaired_thenTheOtherBlocksAreThere() throws Exception {
    write(RepairTest::fillMany);
    write(rows -> rows.retained(retained(MANY))); // a second file of the family
    var file = ToolRun.files(data(), Family.RETAINED).getFirst();
    long size = Files.size(file);
    for (int part = 1; part <= 3; part++) {
      overwrite(file, size * part / 4);
    }
    var damaged = Files.readAllBytes(file);
    assertThat(ToolRun.of("check", data()).status()).isOne();

    var run = ToolRun.of("repair", data());

    assertThat(run.status()).isOne();
    assertThat(run.out().stream().filter(line -> line.startsWith("lost: rows of family ret ")))
        .hasSize(3);
    assertThat(run.out()).doesNotContain("nothing was lost");
    assertThat(data().resolve("state.damaged.1").resolve(file.getFileName()))
        .hasBinaryContent(damaged);
    assertThat(ToolRun.of("check", data()).status()).isZero();
    assertThat(retainedLeft()).isBetween(MANY - 3 * 20, MANY - 2);
  }

  @Test
  void givenFirstAndLastBlocksThatCannotBeRead_whenRepaired_thenAllBetweenIsThere()
      throws Exception {
    write(RepairTest::fillMany);
    var file = ToolRun.files(data(), Family.RETAINED).getFirst();
    overwrite(file, 50);
    overwrite(file, (long) MANY * 500);

    var run = ToolRun.of("repair", data());

    assertThat(run.out())
        .anyMatch(line -> line.startsWith("lost: rows of family ret between the first and "));
    assertThat(retainedLeft()).isBetween(MANY - 40, MANY - 2);
  }

  @Test
  void givenFileThatIsNoneAnyMore_whenRepaired_thenTheOtherFilesAndTheLog() throws Exception {
    var killed = folder.resolve("killed");
    write(rows -> rows.retained(retained(1)));
    write(rows -> rows.retained(retained(2)));
    try (var store = RocksStore.open(data())) {
      store.changes().retained(retained(3));
      RocksStoreTest.write(store, 9);
      StoreFiles.copy(data(), killed);
    }
    var files = ToolRun.files(killed, Family.RETAINED);
    assertThat(files).hasSize(2);
    empty(files.getLast());

    var run = ToolRun.of("repair", killed);

    assertThat(run.status()).isOne();
    assertThat(run.out())
        .contains("retained 2")
        .anyMatch(
            line -> line.startsWith("lost: all rows of the file " + files.getLast().getFileName()));
    try (var store = RocksStore.open(killed)) {
      assertThat(store.lastTime()).isEqualTo(9);
      assertThat(RocksStoreTest.read(store))
          .hasToString(
              recorded(
                  rows -> {
                    rows.retained(retained(1));
                    rows.retained(retained(3));
                  }));
    }
  }

  @Test
  void givenRowsInSeveralFiles_whenOneIsNoneAnyMore_thenTheNewestOfTheOthers() throws Exception {
    write(rows -> rows.retained(RocksStoreTest.retained("r/t", "old")));
    write(rows -> rows.retained(RocksStoreTest.retained("r/t", "new")));
    write(rows -> rows.retained(retained(3)));
    empty(ToolRun.files(data(), Family.RETAINED).getLast());

    ToolRun.of("repair", data());

    assertThat(read())
        .isEqualTo(recorded(rows -> rows.retained(RocksStoreTest.retained("r/t", "new"))));
  }

  @Test
  void givenNoListOfFiles_whenRepaired_thenTheRowsOfAllFiles() throws Exception {
    write(RocksStoreTest::fill);
    Files.delete(data().resolve("state/CURRENT"));

    var run = ToolRun.of("repair", data());

    assertThat(run.status()).isOne();
    assertThat(run.out().getFirst()).startsWith("the list of files is lost, and with it the log: ");
    assertThat(read()).isEqualTo(recorded(RocksStoreTest::fill));
  }

  @Test
  void givenRowThatCannotBeDecoded_whenRepaired_thenPutAside() throws Exception {
    write(RocksStoreTest::fill);
    try (var store = RocksStore.open(data())) {
      var owner = RocksStoreTest.session(1).owner();
      var will = Optional.<Will>empty();
      int none = -1; // no Receive Maximum
      store.changes().session(new SessionRecord(7, "x", 0, 0, none, true, 0, 0, 0, owner, will));
      RocksStoreTest.write(store, 1);
    }

    var run = ToolRun.of("repair", data());

    assertThat(run.status()).isOne();
    assertThat(run.out()).anyMatch(line -> line.startsWith("put aside: a row of family sess: "));
    try (var store = RocksStore.open(data())) {
      assertThat(RocksStoreTest.read(store)).hasToString(recorded(RocksStoreTest::fill));
      assertThat(store.damaged()).isOne();
    }
  }

  @Test
  void givenRepairThatWasCutOff_whenOpened_thenRefusedUntilItIsRunAgain() throws Exception {
    write(RocksStoreTest::fill);
    Files.move(data().resolve("state"), data().resolve("state.repaired"));

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> RocksStore.open(data()))
        .withMessageContaining("its repair was cut off");
    assertThat(ToolRun.of("check", data()).status()).isOne();

    assertThat(ToolRun.of("repair", data()).status()).isZero();
    assertThat(read()).isEqualTo(recorded(RocksStoreTest::fill));
  }

  @Test
  void givenRepairsBefore_whenRepairedAgain_thenEachIsKept() throws Exception {
    write(RocksStoreTest::fill);
    Files.createDirectory(data().resolve("state.part")); // of one that was cut off

    ToolRun.of("repair", data());
    ToolRun.of("repair", data());

    assertThat(data().resolve("state.damaged.1")).isDirectory();
    assertThat(data().resolve("state.damaged.2")).isDirectory();
    assertThat(data().resolve("state.part")).doesNotExist();
    assertThat(read()).isEqualTo(recorded(RocksStoreTest::fill));
  }
}
