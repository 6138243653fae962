package org.parley.testing.mqtt;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.parley.core.SteadyClock;
import org.parley.log.CommitLog;
import org.parley.log.DurableCommitLog;
import org.parley.log.MemoryCommitLog;
import org.parley.log.Store;
import org.parley.log.Store.StoreException;
import org.parley.mqtt.broker.MqttBroker;
import org.parley.mqtt.broker.MqttCounters;
import org.parley.mqtt.state.StateMachine;

/** A whole MQTT broker without a transport, with a clock that the test moves. */
public final class UnwiredBroker {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final MovedClock clock;
  private final TestAccess access = new TestAccess();
  private final MqttCounters counters = new MqttCounters();
  private final StateMachine state;
  private final MqttBroker broker;
  private @Nullable CommitLog log;

  private UnwiredBroker(
      TestOptions options, MqttBroker.Delay delay, UnaryOperator<CommitLog.Listener> between) {
    clock = options.clock;
    state = state(options);
    broker =
        new MqttBroker(
            options.options(),
            state,
            (time, told) -> options.log.apply(log(options.store, time, between.apply(told))),
            options.authentication.apply(access),
            options.audit,
            counters,
            clock,
            clock,
            delay,
            RANDOM);
    if (log instanceof DurableCommitLog durable) {
      durable.start();
    }
    broker.start();
  }

  private static StateMachine state(TestOptions options) {
    var store = options.store;
    if (store == null) {
      return new StateMachine(options.limits());
    }
    var machine = new StateMachine(options.limits(), store.changes());
    var restoration = machine.restoration();
    try {
      store.load(restoration);
    } catch (StoreException e) {
      throw new IllegalStateException(e);
    }
    restoration.end();
    return machine;
  }

  private CommitLog log(@Nullable Store store, SteadyClock time, CommitLog.Listener told) {
    if (store != null) {
      time.notBefore(store.lastTime());
    }
    var made =
        store == null
            ? new MemoryCommitLog(state, time, told)
            : new DurableCommitLog(
                state,
                store,
                time,
                clock,
                told,
                new DurableCommitLog.Options(true, 1 << 20, Duration.ofSeconds(10)));
    log = made;
    return made;
  }

  /** Closes the log, and the store with it. */
  public void close() {
    if (log != null) {
      log.close();
    }
  }

  /** Starts one that differs from the product's defaults. */
  public static UnwiredBroker start(Consumer<TestOptions> change, MqttBroker.Delay delay) {
    return start(change, delay, UnaryOperator.identity());
  }

  /**
   * Starts one whose log tells somebody else first.
   *
   * @param between makes, of the listener that the broker is, the one that the log tells
   */
  public static UnwiredBroker start(
      Consumer<TestOptions> change,
      MqttBroker.Delay delay,
      UnaryOperator<CommitLog.Listener> between) {
    var options = new TestOptions();
    change.accept(options);
    return new UnwiredBroker(options, delay, between);
  }

  public MqttBroker broker() {
    return broker;
  }

  public StateMachine state() {
    return state;
  }

  public MovedClock clock() {
    return clock;
  }

  public TestAccess access() {
    return access;
  }

  public MqttCounters counters() {
    return counters;
  }

  /** Time passes, and the broker looks at it. */
  public void advance(Duration by) {
    clock.advance(by);
    broker.tick();
  }
}
