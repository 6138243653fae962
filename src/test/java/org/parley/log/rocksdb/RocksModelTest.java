package org.parley.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.parley.log.Store.StoreException;
import org.parley.mqtt.state.ModelRun;
import org.parley.mqtt.state.RecordedRows;
import org.parley.mqtt.state.StateChanges;

/**
 * The machine beside a naive model, its rows in RocksDB: written at random moments, opened again at
 * random moments, sometimes from a backup of that moment.
 */
class RocksModelTest {
  private static final int SEQUENCES = Integer.getInteger("parley.model.stores", 30);
  private static final int STEPS = 400;

  @TempDir Path folder;

  /** Keeps the rows in a database. */
  private final class InRocks implements ModelRun.Keeping, AutoCloseable {
    private final Random random;
    private Path path;
    private int copies;
    private RocksStore store;

    InRocks(long seed) throws StoreException {
      random = new Random(seed);
      path = folder.resolve("store" + seed);
      store = RocksStore.open(path);
    }

    @Override
    public StateChanges changes() {
      return store.changes();
    }

    @Override
    public void applied(long now) {
      if (random.nextInt(5) == 0) {
        write(now);
      }
    }

    private void write(long now) {
      try {
        RocksStoreTest.write(store, now);
      } catch (StoreException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public RecordedRows reopen(long now) {
      write(now);
      try {
        if (random.nextInt(3) == 0) {
          restoreBackup();
        } else {
          store.close();
        }
        store = RocksStore.open(path);
        assertThat(store.lastTime()).isEqualTo(now);
        assertThat(store.damaged()).isZero();
        return RocksStoreTest.read(store);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    /** Goes on from a backup that is made while the store is in use. */
    private void restoreBackup() throws Exception {
      var copy = path.resolveSibling(path.getFileName() + "-" + copies++);
      assertThat(Copying.run(path, copy, new PrintStream(OutputStream.nullOutputStream())))
          .isTrue();
      store.close();
      path = copy;
    }

    @Override
    public void close() {
      store.close();
    }
  }

  @Test
  void givenRandomClients_whenTheStoreIsOpenedAgain_thenAsTheModelSays() throws Exception {
    for (int seed = 0; seed < SEQUENCES; seed++) {
      try (var keeping = new InRocks(seed)) {
        ModelRun.run(seed, keeping, STEPS);
      }
    }
  }
}
