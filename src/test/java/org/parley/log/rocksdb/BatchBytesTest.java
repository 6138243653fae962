package org.parley.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBatch;

/** What is gathered here is what RocksDB itself would have gathered. */
final class BatchBytesTest {
  private static final int FAMILIES = 3;

  @TempDir Path folder;

  @FunctionalInterface
  private interface Action {
    void on(List<ColumnFamilyHandle> families) throws Exception;
  }

  private void withDatabase(Action action) throws Exception {
    NativeLibrary.load();
    var descriptors = new ArrayList<ColumnFamilyDescriptor>();
    descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY));
    for (int i = 1; i < FAMILIES; i++) {
      descriptors.add(new ColumnFamilyDescriptor(("f" + i).getBytes(StandardCharsets.UTF_8)));
    }
    var handles = new ArrayList<ColumnFamilyHandle>();
    try (var options =
            new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true);
        var _ = RocksDB.open(options, folder.toString(), descriptors, handles)) {
      action.on(handles);
      handles.forEach(ColumnFamilyHandle::close);
    }
  }

  @Test
  void givenRandomChanges_whenTaken_thenTheBytesOfRocksDb() throws Exception {
    withDatabase(
        families -> {
          var random = new Random(5);
          var gathered = new BatchBytes();
          for (int batch = 0; batch < 50; batch++) {
            try (var expected = new WriteBatch()) {
              for (int i = 0; i < batch; i++) {
                change(random, families.get(1 + random.nextInt(FAMILIES - 1)), gathered, expected);
              }
              assertThat(gathered.count()).isEqualTo(expected.count());
              assertThat(gathered.take()).isEqualTo(expected.data());
              assertThat(gathered.count()).isZero();
            }
          }
        });
  }

  private static void change(
      Random random, ColumnFamilyHandle family, BatchBytes gathered, WriteBatch expected)
      throws Exception {
    var one = bytes(random, 200);
    var other = bytes(random, 1 << random.nextInt(18));
    switch (random.nextInt(3)) {
      case 0 -> {
        gathered.put(family.getID(), one, other);
        expected.put(family, one, other);
      }
      case 1 -> {
        gathered.delete(family.getID(), one);
        expected.delete(family, one);
      }
      default -> {
        gathered.deleteRange(family.getID(), one, other);
        expected.deleteRange(family, one, other);
      }
    }
  }

  private static byte[] bytes(Random random, int bound) {
    var bytes = new byte[random.nextInt(bound)];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void givenNoRoomForARow_whenPut_thenTheOthersAreWhole() throws Exception {
    withDatabase(
        families -> {
          var family = families.get(1);
          var gathered = new BatchBytes(20_000);
          try (var expected = new WriteBatch()) {
            for (byte i = 0; i < 3; i++) {
              gathered.put(family.getID(), new byte[] {i}, new byte[1_000]);
              expected.put(family, new byte[] {i}, new byte[1_000]);
              assertThatExceptionOfType(OutOfMemoryError.class)
                  .isThrownBy(() -> gathered.put(family.getID(), new byte[] {9}, new byte[20_000]));
            }
            assertThat(gathered.take()).isEqualTo(expected.data());
          }
        });
  }

  @Test
  void givenLargeBatch_whenTaken_thenItsRoomIsGivenUp() throws Exception {
    withDatabase(
        families -> {
          var family = families.get(1);
          var gathered = new BatchBytes();
          var key = new byte[] {1};
          var value = new byte[9 << 20];
          try (var expected = new WriteBatch()) {
            gathered.put(family.getID(), key, value);
            expected.put(family, key, value);
            assertThat(gathered.take()).isEqualTo(expected.data());
          }
          try (var expected = new WriteBatch()) {
            gathered.delete(family.getID(), key);
            expected.delete(family, key);
            assertThat(gathered.take()).isEqualTo(expected.data());
          }
        });
  }
}
