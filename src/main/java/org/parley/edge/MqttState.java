package org.parley.edge;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.parley.core.SteadyClock;
import org.parley.core.Ticker;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.SettingException;
import org.parley.edge.settings.StoreSettings;
import org.parley.edge.settings.StoreSettings.Durability;
import org.parley.log.CommitLog;
import org.parley.log.DurableCommitLog;
import org.parley.log.MemoryCommitLog;
import org.parley.log.Store.StoreException;
import org.parley.log.StoreStatus;
import org.parley.log.rocksdb.RocksStore;
import org.parley.mqtt.state.StateLimits;
import org.parley.mqtt.state.StateMachine;

/** The state of MQTT and where it is kept: on a disk, or nowhere. */
public final class MqttState {
  private static final Logger LOG = System.getLogger(MqttState.class.getName());

  /** How long the last write may take when the broker stops. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Configuration configuration;
  private final StateMachine machine;
  private final @Nullable RocksStore store;
  private final Path path;
  private @Nullable DurableCommitLog log;
  private volatile long freeBytes = Long.MAX_VALUE;

  private MqttState(
      Configuration configuration, StateMachine machine, @Nullable RocksStore store, Path path) {
    this.configuration = configuration;
    this.machine = machine;
    this.store = store;
    this.path = path;
  }

  /**
   * Opens the store and reads all that is in it, unless nothing is to be kept.
   *
   * @throws SettingException if that cannot be: one line that says why
   */
  static MqttState open(Configuration configuration, StateLimits limits) {
    var path = Path.of(configuration.get(StoreSettings.DATA_DIR)).toAbsolutePath();
    if (configuration.get(StoreSettings.DURABILITY) == Durability.MEMORY) {
      return new MqttState(configuration, new StateMachine(limits), null, path);
    }
    try {
      var store = RocksStore.open(path, configuration.get(StoreSettings.MEMORY));
      try {
        return new MqttState(configuration, read(store, limits), store, path);
      } catch (StoreException | RuntimeException e) {
        store.close();
        throw e;
      }
    } catch (StoreException e) {
      throw new SettingException(e.line());
    }
  }

  private static StateMachine read(RocksStore store, StateLimits limits) throws StoreException {
    long begin = System.nanoTime();
    var machine = new StateMachine(limits, store.changes());
    var restoration = machine.restoration();
    store.load(restoration);
    restoration.end();
    var took = Duration.ofNanos(System.nanoTime() - begin);
    LOG.log(
        Level.INFO,
        () ->
            "read back in "
                + took.toMillis()
                + " ms: "
                + machine.sessionCount()
                + " sessions, "
                + machine.subscriptionCount()
                + " subscriptions, "
                + machine.queuedCount()
                + " messages that are owed, "
                + machine.retainedCount()
                + " retained");
    return machine;
  }

  /** Returns the state, to read from. */
  public StateMachine machine() {
    return machine;
  }

  /** Returns the log that applies commands to the state; to be asked for once. */
  CommitLog log(SteadyClock time, Ticker ticker, CommitLog.Listener listener) {
    if (store == null) {
      return new MemoryCommitLog(machine, time, listener);
    }
    time.notBefore(store.lastTime());
    var made =
        new DurableCommitLog(
            machine,
            store,
            time,
            ticker,
            listener,
            new DurableCommitLog.Options(
                configuration.get(StoreSettings.DURABILITY) == Durability.FSYNC,
                configuration.get(StoreSettings.PRESSURE),
                PATIENCE));
    log = made;
    return made;
  }

  /** Begins to write; sessions that had a connection before the restart are offline now. */
  void start() {
    if (log != null) {
      log.start();
    }
  }

  /** Looks at the disk, and writes what was left for later; to be called about once a second. */
  void tick() {
    var durable = log;
    if (durable != null) {
      durable.flush();
      freeBytes = look();
      durable.full(freeBytes < configuration.get(StoreSettings.RESERVE));
    }
    if (store != null) {
      store.tidy();
    }
  }

  private long look() {
    try {
      return Files.getFileStore(path).getUsableSpace();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the disk does not say what is free", e);
      return freeBytes;
    }
  }

  /** Writes what is left, and gives the folder up. */
  void stop() {
    if (log != null) {
      log.close();
    }
  }

  /** Returns how acknowledged messages are kept. */
  public Durability durability() {
    return configuration.get(StoreSettings.DURABILITY);
  }

  /** Returns how the store does. */
  public StoreStatus status() {
    var opened = store;
    var durable = log;
    if (opened == null || durable == null) {
      return StoreStatus.NOTHING_KEPT;
    }
    long free = freeBytes;
    return new StoreStatus(
        Optional.of(durable.meter()),
        durable.failed(),
        durable.full(),
        free == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(free),
        opened.collectedBytes(),
        opened.damaged());
  }
}
