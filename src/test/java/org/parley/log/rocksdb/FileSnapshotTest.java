package org.parley.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.FlushOptions;

/** The files of one moment. */
final class FileSnapshotTest {
  @TempDir Path folder;

  @BeforeEach
  void makeStore() throws Exception {
    RocksStore.open(folder).close();
  }

  private Path database() {
    return DataDirectory.database(folder);
  }

  private static long firstLog(FileSnapshot snapshot) throws Exception {
    return StoredRows.firstLog(snapshot.folder());
  }

  private static void put(OpenedByHand opened, int row) throws Exception {
    opened.database().put(opened.of(Family.RETAINED), Key.of(row), new byte[1]);
  }

  private static void flush(OpenedByHand opened) throws Exception {
    try (var flush = new FlushOptions()) {
      opened.database().flush(flush, opened.of(Family.RETAINED));
    }
  }

  @Test
  void givenDatabaseInUse_whenRowsAreAddedToTheLog_thenNothingThatIsNeededGoes() throws Exception {
    try (var opened = new OpenedByHand(folder)) {
      put(opened, 1);
      try (var snapshot = FileSnapshot.of(database()).orElseThrow()) {
        put(opened, 2);

        assertThat(snapshot.hasLogs(firstLog(snapshot))).isTrue();
        assertThat(snapshot.isUnchanged()).isTrue();
      }
    }
  }

  @Test
  void givenDatabaseInUse_whenALogThatIsNeededIsWrittenOver_thenItSaysSo() throws Exception {
    try (var opened = new OpenedByHand(folder)) {
      put(opened, 1);
      try (var snapshot = FileSnapshot.of(database()).orElseThrow()) {
        for (int row = 2; row < 10; row++) { // more logs than are kept to be written over
          flush(opened);
          put(opened, row);
        }

        assertThat(snapshot.hasLogs(firstLog(snapshot))).isFalse();
        assertThat(snapshot.isUnchanged()).isFalse();
      }
    }
  }

  @Test
  void givenSnapshot_whenTheDatabaseGoesOn_thenItsListIsStillThatOfTheMoment() throws Exception {
    try (var opened = new OpenedByHand(folder)) {
      put(opened, 1);
      try (var snapshot = FileSnapshot.of(database()).orElseThrow()) {
        flush(opened);

        try (var rows = StoredRows.open(snapshot.folder())) {
          assertThat(rows.files(Family.RETAINED)).isEmpty();
        }
        try (var rows = StoredRows.openWhileWritten(database())) {
          assertThat(rows.files(Family.RETAINED)).hasSize(1);
        }
      }
    }
  }

  @Test
  void givenSnapshot_whenClosed_thenTheDatabaseIsAsItWasAndNothingIsLeft() throws Exception {
    var snapshot = FileSnapshot.of(database()).orElseThrow();
    assertThat(snapshot.folder()).isNotEmptyDirectory();

    snapshot.close();

    assertThat(snapshot.folder()).doesNotExist();
    assertThat(snapshot.isUnchanged()).isTrue();
    snapshot.close();
  }

  @Test
  void givenNoDatabase_whenTaken_thenFails() throws Exception {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> FileSnapshot.of(folder.resolve("none")));
    var empty = Files.createDirectory(folder.resolve("empty"));
    try (var snapshot = FileSnapshot.of(empty).orElseThrow()) {
      assertThat(snapshot.folder()).isEmptyDirectory();
    }
  }
}
