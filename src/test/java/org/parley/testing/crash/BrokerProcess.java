package org.parley.testing.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.parley.audit.AuditLog;
import org.parley.core.SteadyClock;
import org.parley.log.CommitLog;
import org.parley.log.DurableCommitLog;
import org.parley.log.Store.StoreException;
import org.parley.log.rocksdb.RocksStore;
import org.parley.mqtt.broker.MqttBroker;
import org.parley.mqtt.broker.MqttCounters;
import org.parley.mqtt.state.StateMachine;
import org.parley.testing.mqtt.TestAccess;
import org.parley.testing.mqtt.TestOptions;
import org.parley.transport.EventLoops;
import org.parley.transport.TcpListener;
import org.parley.transport.WireLimits;

/**
 * The broker's core on a durable log behind a TCP port, as a program that starts within a second.
 * It prints {@code port} with a number when it takes connections, answers the line {@code meter}
 * with what the disk has done, and ends when its input does.
 */
public final class BrokerProcess {
  private static final int LIMIT = 10_000_000;
  private static final long BYTES = 2L << 30;
  private static final long PRESSURE_BYTES = 8 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long TICK_MILLIS = 200;

  /** So small that log files are written over again within a run. */
  private static final long MEMORY_BYTES = 128 << 10;

  private final RocksStore store;
  private final StateMachine state;
  private final boolean sync;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private @Nullable DurableCommitLog log;

  private BrokerProcess(Path data, boolean sync) throws StoreException {
    this.sync = sync;
    var limits = limits();
    store = RocksStore.open(data, MEMORY_BYTES);
    state = new StateMachine(limits.limits(), store.changes());
    var restoration = state.restoration();
    store.load(restoration);
    restoration.end();
  }

  /** More than any run comes to. */
  private static TestOptions limits() {
    var limits = new TestOptions();
    limits.sessions = LIMIT;
    limits.queuedMessages = LIMIT;
    limits.queuedBytes = BYTES;
    limits.allQueuedBytes = BYTES;
    return limits;
  }

  /**
   * Runs it.
   *
   * @param arguments the data folder, and {@code fsync} or {@code os}
   */
  public static void main(String... arguments) throws Exception {
    new BrokerProcess(Path.of(arguments[0]), arguments[1].equals("fsync")).serve();
  }

  private CommitLog log(SteadyClock time, CommitLog.Listener listener) {
    time.notBefore(store.lastTime());
    log =
        new DurableCommitLog(
            state,
            store,
            time,
            System::nanoTime,
            listener,
            new DurableCommitLog.Options(sync, PRESSURE_BYTES, PATIENCE));
    return log;
  }

  private void serve() throws IOException {
    var broker =
        new MqttBroker(
            limits().options(),
            state,
            this::log,
            new TestAccess(),
            AuditLog.NONE,
            new MqttCounters(),
            InstantSource.system(),
            System::nanoTime,
            (delay, task) -> {
              var _ = timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
            },
            new SecureRandom());
    var listener =
        TcpListener.bind(
            EventLoops.start(2, BrokerProcess.class.getClassLoader()),
            new TcpListener.Options(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                128,
                1000,
                new WireLimits(64 * 1024, 256 * 1024, 64 << 20, Duration.ofMillis(500)),
                Optional.empty(),
                Optional.empty()),
            broker);
    var durable = log;
    if (durable == null) {
      throw new IllegalStateException("the broker has no log");
    }
    durable.start();
    var _ =
        timer.scheduleAtFixedRate(
            () -> {
              broker.tick();
              durable.flush();
            },
            TICK_MILLIS,
            TICK_MILLIS,
            TimeUnit.MILLISECONDS);
    broker.start();
    listener.accept();
    say("port " + listener.address().getPort());
    answer(durable);
    listener.stopAccepting();
    broker.stop(PATIENCE);
    durable.close();
    System.exit(0);
  }

  private static void answer(DurableCommitLog durable) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (in.readLine() != null) {
      var meter = durable.meter();
      say("meter " + meter.writes() + " " + meter.syncs() + " " + meter.commands());
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
