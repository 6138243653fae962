package org.parley.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.log.Store.StoreException;
import org.parley.mqtt.state.RecordedRows;

/** What the loss of power leaves at the end of RocksDB's list of files. */
final class FileListTest {
  @TempDir Path folder;

  /** A store of three sessions, the last of them in the log only. */
  @BeforeEach
  void kill() throws Exception {
    try (var store = RocksStore.open(folder.resolve("data"))) {
      store.changes().session(RocksStoreTest.session(1));
      RocksStoreTest.write(store, 1);
    }
    try (var store = RocksStore.open(folder.resolve("data"))) {
      store.changes().session(RocksStoreTest.session(2));
      RocksStoreTest.write(store, 2);
    }
    try (var store = RocksStore.open(folder.resolve("data"))) {
      store.changes().session(RocksStoreTest.session(3));
      RocksStoreTest.write(store, 3);
      Files.createDirectory(killed());
      StoreFiles.copy(folder.resolve("data/state"), killed().resolve("state"));
    }
  }

  private Path killed() {
    return folder.resolve("killed");
  }

  private Path list() throws IOException {
    var state = killed().resolve("state");
    return state.resolve(Files.readString(state.resolve("CURRENT")).strip());
  }

  private String sessions() throws Exception {
    try (var store = RocksStore.open(killed())) {
      return RocksStoreTest.read(store).toString();
    }
  }

  private static String expected() {
    var rows = new RecordedRows();
    for (int i = 1; i <= 3; i++) {
      rows.session(RocksStoreTest.session(i));
    }
    return rows.toString();
  }

  @Test
  void givenDamagedNameOfTheList_whenOpenedOrRepaired_thenSaidInOneLine() throws Exception {
    var current = killed().resolve("state/CURRENT");
    for (var damaged : List.of("MANIFEST-\0\0", "\0\0\0", "../MANIFEST-000005\n")) {
      Files.writeString(current, damaged);

      assertThatExceptionOfType(StoreException.class)
          .as(damaged)
          .isThrownBy(this::sessions)
          .withMessageContaining("cannot be opened");
    }

    var run = ToolRun.of("repair", killed());

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).anyMatch(line -> line.startsWith("the list of files is lost"));
    assertThat(sessions()).contains("1=SessionRecord", "2=SessionRecord");
  }

  /** Each the beginning of a change: a sum, a length that fits, the type of a whole one, bytes. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 50, 40_000})
  void givenChangeThatWasNotSynced_whenOpened_thenCutOff(int bytes) throws Exception {
    var rest = new byte[bytes];
    new Random(bytes).nextBytes(rest);
    if (bytes >= 7) {
      rest[4] = (byte) Math.min(bytes - 7, 40);
      rest[5] = 0;
      rest[6] = 1;
    }
    Files.write(list(), rest, StandardOpenOption.APPEND);

    assertThat(sessions()).isEqualTo(expected());
  }

  @Test
  void givenChangeThatWasNotSynced_whenOpened_thenSomebodyIsToldAndItIsKept() throws Exception {
    var rest = new byte[] {1, 2, 3, 4, 1, 0, 1, 9};
    Files.write(list(), rest, StandardOpenOption.APPEND);

    try (var store = RocksStore.open(killed())) {
      RocksStoreTest.read(store);
      assertThat(store.damaged()).isOne();
    }
    assertThat(killed().resolve("state.list-end")).hasBinaryContent(rest);
    assertThat(Files.getPosixFilePermissions(killed().resolve("state.list-end")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (var store = RocksStore.open(killed())) {
      RocksStoreTest.read(store);
      assertThat(store.damaged()).isZero();
    }
  }

  @Test
  void givenDamageInTheMiddle_whenOpened_thenRefusedAndTheListAsItWas() throws Exception {
    try (var file = new RandomAccessFile(list().toFile(), "rw")) {
      file.seek(20);
      int value = file.read();
      file.seek(20);
      file.write(value ^ 0xFF);
    }
    var before = Files.readAllBytes(list());

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(this::sessions)
        .withMessageContaining("checksum mismatch");

    assertThat(list()).hasBinaryContent(before);
  }

  @Test
  void givenChangeThatWasNotSynced_whenRepaired_thenTheLogIsThere() throws Exception {
    Files.write(list(), new byte[] {1, 2, 3, 4, 1, 0, 1, 9}, StandardOpenOption.APPEND);

    assertThat(ToolRun.of("repair", killed()).status()).isZero();

    assertThat(sessions()).isEqualTo(expected());
  }
}
