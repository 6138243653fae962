package org.parley.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.log.Store.StoreException;
import org.parley.mqtt.state.RecordedRows;

/** The folder of a store: one owner, and nobody else looks into it. */
class RocksFolderTest {
  @TempDir Path folder;

  private RocksStore open() throws StoreException {
    return RocksStore.open(folder.resolve("data"));
  }

  @Test
  void givenOwner_whenAnotherComes_thenRefusedUntilTheFirstHasGone() throws Exception {
    var store = open();

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(this::open)
        .withMessageContaining("another broker has it");

    store.close();
    open().close();
  }

  @Test
  void givenClosed_whenClosedAgain_thenNothingMore() throws Exception {
    var store = open();
    store.close();
    var other = open();

    store.close();

    assertThat(RocksStoreTest.read(other)).hasToString(new RecordedRows().toString());
    assertThatExceptionOfType(StoreException.class).isThrownBy(this::open); // still its owner
    other.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Tag("CVE-2017-9868")
  void givenFolder_whenOpened_thenForItsOwnerAlone(boolean open) throws Exception {
    var everybody = PosixFilePermissions.fromString("rwxrwxrwx");
    if (open) {
      Files.setPosixFilePermissions(Files.createDirectory(folder.resolve("data")), everybody);
    }

    open().close();

    for (var name : List.of("data", "data/state")) {
      assertThat(Files.getPosixFilePermissions(folder.resolve(name)))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void givenFilesThatOthersMayRead_whenTidied_thenForTheirOwnerAlone() throws Exception {
    try (var store = open()) {
      StoreFiles.assertFilesAreForTheirOwnerAlone(folder);
      Files.setPosixFilePermissions(
          StoreFiles.newestLog(folder.resolve("data/state")),
          PosixFilePermissions.fromString("rw-r--r--"));
      store.tidy();
      StoreFiles.assertFilesAreForTheirOwnerAlone(folder);
    }
    StoreFiles.assertFilesAreForTheirOwnerAlone(folder);
  }

  @Test
  void givenPlaceThatIsNoFolder_whenOpened_thenOneLineSaysSo() throws IOException {
    Files.writeString(folder.resolve("data"), "a file");

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(this::open)
        .withMessageContaining("the data folder")
        .withMessageNotContaining("\n");
  }
}
