package org.parley.log;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.parley.log.rocksdb.RocksStore;
import org.parley.mqtt.state.StateLimits;
import org.parley.mqtt.state.StateMachine;

/** Every {@link CommitLog} that there is, under the one contract. */
class CommitLogContractTest {

  @Nested
  class InMemory extends CommitLogContract {
    @Override
    Opened open(StateLimits limits, InstantSource clock, CommitLog.Listener listener) {
      var state = new StateMachine(limits);
      return new Opened(state, new MemoryCommitLog(state, clock, listener));
    }
  }

  /** Writes take no time, and everything is kept in memory. */
  @Nested
  class OverStoreInMemory extends CommitLogContract {
    @Override
    Opened open(StateLimits limits, InstantSource clock, CommitLog.Listener listener) {
      return durable(new HeldStore().free(), limits, clock, listener);
    }
  }

  @Nested
  class OverRocks extends CommitLogContract {
    @TempDir Path folder;

    @Override
    Opened open(StateLimits limits, InstantSource clock, CommitLog.Listener listener)
        throws Exception {
      return durable(RocksStore.open(folder.resolve("data")), limits, clock, listener);
    }
  }

  private static CommitLogContract.Opened durable(
      Store store, StateLimits limits, InstantSource clock, CommitLog.Listener listener) {
    var state = new StateMachine(limits, store.changes());
    var options = new DurableCommitLog.Options(true, 1 << 20, Duration.ofSeconds(10));
    var log = new DurableCommitLog(state, store, clock, System::nanoTime, listener, options);
    log.start();
    return new CommitLogContract.Opened(state, log);
  }
}
