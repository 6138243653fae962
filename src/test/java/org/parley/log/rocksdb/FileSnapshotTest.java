package org.parley.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.FlushOptions;

/** The files of one moment. */
final class FileSnapshotTest {
  /** Each log has room for them in its first block. */
  private static final int ROWS = 10;

  @TempDir Path folder;
  @TempDir Path temporary;

  @BeforeEach
  void makeStore() throws Exception {
    RocksStore.open(folder).close();
  }

  private Path database() {
    return DataDirectory.database(folder);
  }

  private FileSnapshot snapshot() throws Exception {
    return FileSnapshot.of(database(), temporary).orElseThrow();
  }

  private static void put(OpenedByHand opened, int row) throws Exception {
    opened.database().put(opened.of(Family.RETAINED), Key.of(row), new byte[1]);
  }

  private static void flush(OpenedByHand opened) throws Exception {
    try (var flush = new FlushOptions()) {
      opened.database().flush(flush, opened.of(Family.RETAINED));
    }
  }

  private List<Long> rows(FileSnapshot snapshot) throws Exception {
    try (var rows = StoredRows.open(snapshot.folder(), database())) {
      return rows(rows);
    }
  }

  private static List<Long> rows(StoredRows rows) throws Exception {
    var found = new ArrayList<Long>();
    rows.forEach(Family.RETAINED, (key, _) -> found.add(Key.number(key)));
    return found;
  }

  private boolean hasLogs(FileSnapshot snapshot) throws Exception {
    return snapshot.hasLogs(StoredRows.firstLog(snapshot.folder()));
  }

  @Test
  void givenRowsThatAreAddedToTheLog_whenRead_thenThoseOfTheMomentAlone() throws Exception {
    try (var opened = new OpenedByHand(folder)) {
      put(opened, 1);
      try (var snapshot = snapshot()) {
        put(opened, 2);

        assertThat(rows(snapshot)).containsExactly(1L);
        assertThat(hasLogs(snapshot)).isTrue();
        assertThat(snapshot.isUnchanged()).isTrue();
      }
    }
  }

  @Test
  void givenRowsThatGoToFiles_whenRead_thenThoseOfTheMomentAlone() throws Exception {
    try (var opened = new OpenedByHand(folder)) {
      put(opened, 1);
      flush(opened);
      put(opened, 2);
      try (var snapshot = snapshot()) {
        put(opened, 3);
        flush(opened);

        assertThat(rows(snapshot)).containsExactly(1L, 2L);
        assertThat(snapshot.isUnchanged()).isFalse();
      }
      try (var rows = LiveRows.open(database())) {
        assertThat(rows(rows)).containsExactly(1L, 2L, 3L);
      }
    }
  }

  @Test
  void givenLogThatIsNeeded_whenItIsWrittenOver_thenItSaysSo() throws Exception {
    try (var opened = new OpenedByHand(folder)) {
      put(opened, 1);
      try (var snapshot = snapshot()) {
        for (int row = 2; row < ROWS; row++) { // more logs than are kept to be written over
          flush(opened);
          put(opened, row);
        }

        assertThat(hasLogs(snapshot)).isFalse();
      }
    }
  }

  @Test
  void givenLogThatIsReadWhileItIsWritten_whenTheRestIsThere_thenNoHole() throws Exception {
    try (var opened = new OpenedByHand(folder)) {
      for (int row = 0; row < ROWS; row++) {
        put(opened, row);
      }
      var log = StoreFiles.newestLog(database());
      var written = Files.readAllBytes(log);
      int half = written.length / 2;
      zero(log, half); // as it looks to who comes too early
      try (var snapshot = snapshot()) {
        Files.write(log, written);

        assertThat(Files.size(snapshot.folder().resolve(log.getFileName()))).isPositive();
        var found = rows(snapshot);
        for (int row = 0; row < found.size(); row++) {
          assertThat(found.get(row)).isEqualTo(row);
        }
        assertThat(found).isNotEmpty().hasSizeLessThan(ROWS);
      }
    }
  }

  private static void zero(Path file, int from) throws Exception {
    try (var open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(from);
      open.write(new byte[Math.toIntExact(open.length()) - from]);
    }
  }

  @Test
  void givenSnapshot_whenClosed_thenTheDatabaseIsAsItWasAndNothingIsLeft() throws Exception {
    var snapshot = snapshot();
    assertThat(snapshot.folder()).isNotEmptyDirectory();

    snapshot.close();

    assertThat(temporary).isEmptyDirectory();
    assertThat(snapshot.isUnchanged()).isTrue();
  }

  @Test
  void givenNoDatabase_whenTaken_thenFailsAndNothingIsLeft() throws Exception {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> FileSnapshot.of(folder.resolve("none"), temporary));
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void givenNoPlaceForIt_whenTaken_thenThatIsSaid() {
    assertThatExceptionOfType(ToolException.class)
        .isThrownBy(() -> FileSnapshot.of(database(), temporary.resolve("none")))
        .withMessageContaining("no temporary files can be made in " + temporary.resolve("none"));
  }

  @Test
  void givenDamagedNameOfTheList_whenOpened_thenItIsCalledDamaged() throws Exception {
    var current = database().resolve(FileList.CURRENT);
    for (var text : List.of("MANIFEST-\0\0\0", "\0\0", "\u00ff\u00fe", "../MANIFEST-000005")) {
      Files.writeString(current, text, StandardCharsets.ISO_8859_1);

      assertThatExceptionOfType(ToolException.class)
          .as(text)
          .isThrownBy(() -> LiveRows.open(database()))
          .withMessageStartingWith("the database " + database() + " cannot be opened: ")
          .withMessageNotContaining("parley-store")
          .matches(e -> e.status() == StoreTool.BROKEN);
      assertThat(FileList.cutEnd(database())).isEmpty();
    }
  }
}
