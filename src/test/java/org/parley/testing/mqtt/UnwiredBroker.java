package org.parley.testing.mqtt;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.parley.log.CommitLog;
import org.parley.log.MemoryCommitLog;
import org.parley.mqtt.broker.MqttBroker;
import org.parley.mqtt.broker.MqttCounters;
import org.parley.mqtt.state.StateMachine;

/** A whole MQTT broker without a transport, with a clock that the test moves. */
public final class UnwiredBroker {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final MovedClock clock = new MovedClock();
  private final TestAccess access = new TestAccess();
  private final MqttCounters counters = new MqttCounters();
  private final StateMachine state;
  private final MqttBroker broker;

  private UnwiredBroker(
      TestOptions options, MqttBroker.Delay delay, UnaryOperator<CommitLog.Listener> between) {
    state = new StateMachine(options.limits());
    broker =
        new MqttBroker(
            options.options(),
            state,
            told -> new MemoryCommitLog(state, clock, between.apply(told)),
            access,
            counters,
            clock,
            clock,
            delay,
            RANDOM);
    broker.start();
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
