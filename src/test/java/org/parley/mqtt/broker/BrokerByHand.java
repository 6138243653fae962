package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.parley.audit.AuditLog;
import org.parley.log.MemoryCommitLog;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.StateLimits;
import org.parley.mqtt.state.StateMachine;
import org.parley.testing.mqtt.MovedClock;
import org.parley.testing.mqtt.TestAccess;
import org.parley.testing.mqtt.TestOptions;

/**
 * A whole broker without threads and sockets: its owners work, its timers end and its clock moves
 * when a test says so, always in the same way.
 */
final class BrokerByHand {
  /** More than any script causes: the broker does not come to rest. */
  private static final int MOST_TASKS = 100_000;

  /** A task that is due after a delay. */
  private record Later(long nanos, Runnable task) {}

  /** Client Identifiers that are the same in each run. */
  private static final class Numbered extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private byte count;

    @Override
    public void nextBytes(byte[] bytes) {
      bytes[0] = ++count;
    }
  }

  private final MqttOptions options;
  private final StateLimits limits;
  private final MovedClock clock = new MovedClock();
  private final TestAccess access = new TestAccess();
  private final MqttCounters counters = new MqttCounters();
  private final StateMachine state;
  private final MqttBroker broker;
  private final List<MemoryWire> wires = new ArrayList<>();
  private final List<Later> timers = new ArrayList<>();

  BrokerByHand(TestOptions options) {
    this.options = options.options();
    this.limits = options.limits();
    state = new StateMachine(limits);
    broker =
        new MqttBroker(
            this.options,
            state,
            (time, told) -> new MemoryCommitLog(state, time, told),
            access,
            AuditLog.NONE,
            counters,
            clock,
            clock,
            (delay, task) -> timers.add(new Later(clock.nanos() + delay.toNanos(), task)),
            new Numbered());
    broker.start();
  }

  MqttBroker broker() {
    return broker;
  }

  StateMachine state() {
    return state;
  }

  MqttCounters counters() {
    return counters;
  }

  TestAccess access() {
    return access;
  }

  MovedClock clock() {
    return clock;
  }

  MqttOptions options() {
    return options;
  }

  StateLimits limits() {
    return limits;
  }

  /** Returns all wires that there were. */
  List<MemoryWire> wires() {
    return wires;
  }

  MemoryWire open() {
    var wire = new MemoryWire(broker, new WireObserver(options, clock));
    wires.add(wire);
    return wire;
  }

  /** The broker itself publishes, retained. */
  void publish(TopicName topic, String payload) {
    broker.publish(
        Message.received(
            "",
            topic,
            QoS.AT_MOST_ONCE,
            true,
            MessageProperties.NONE,
            BinaryData.of(payload.getBytes(StandardCharsets.UTF_8)),
            clock.millis()));
  }

  /** Time passes, what is due happens, and the broker looks at the clock. */
  void advance(Duration by) {
    clock.advance(by);
    var due = timers.stream().filter(timer -> timer.nanos <= clock.nanos()).toList();
    timers.removeAll(due);
    due.forEach(timer -> timer.task.run());
    broker.tick();
  }

  /** Every owner works until nobody has anything to do. */
  void work() {
    int tasks = 0;
    while (wires.stream().anyMatch(MemoryWire::isBusy)) {
      for (var wire : wires) {
        while (wire.runTask()) {
          tasks++;
          assertThat(tasks).as("tasks before all owners rest").isLessThan(MOST_TASKS);
        }
        wire.arrive();
      }
    }
  }

  /** The same with peers that take what they are sent, until no timer is left. */
  void comeToRest() {
    wires.forEach(wire -> wire.taking(true));
    int rounds = 0;
    do {
      advance(options.publisherHold());
      work();
      rounds++;
      assertThat(rounds).as("rounds until no timer is left").isLessThan(MOST_TASKS);
    } while (!timers.isEmpty());
  }
}
