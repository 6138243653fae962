package org.parley.bench;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.routing.TopicFilter;
import org.parley.mqtt.state.Command;
import org.parley.mqtt.state.Command.Acknowledge.Kind;
import org.parley.mqtt.state.Event;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.Owner;
import org.parley.mqtt.state.StateLimits;
import org.parley.mqtt.state.StateLimits.Overflow;
import org.parley.mqtt.state.StateMachine;

/**
 * Steps of the state machine, from a command to its events, for messages of 64 bytes with QoS 1 to
 * durable sessions. Commands and messages are made anew, as a connection makes them; nothing is
 * stored.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@Threads(1)
public class SessionStep {
  /** Publishers, each with a subscriber. */
  private static final int PAIRS = 50;

  /** Messages that a subscriber has not acknowledged. */
  private static final int WINDOW = 10;

  /** For one session, which begins anew then. */
  private static final int MESSAGES = 1000;

  private static final int RECEIVE_MAXIMUM = 1024;
  private static final int PACKET_IDS = 65_535;
  private static final long NOW = 1_700_000_000_000L;
  private static final BinaryData PAYLOAD = BinaryData.of(new byte[64]);
  private static final Owner OWNER =
      new Owner(Optional.empty(), Optional.of("user"), "mqtt-v5", "tcp", "127.0.0.1");

  /** The state, with the limits that the broker has by default. */
  private static final class Steps {
    private final StateMachine machine =
        new StateMachine(
            new StateLimits(
                1_000_000, 100_000, 256L << 20, Overflow.DROP_NEW, 10_000, 1_000_000, 512L << 20));

    List<Event> apply(Command command) {
      return machine.apply(NOW, command);
    }

    long attach(String clientId) {
      var events =
          apply(
              new Command.Attach(
                  clientId, 1, false, 3600, RECEIVE_MAXIMUM, OWNER, Optional.empty()));
      return ((Event.Attached) events.getFirst()).epoch();
    }

    long subscribe(String clientId, String filter) {
      long epoch = attach(clientId);
      var request =
          new Command.Subscribe.Request(
              TopicFilter.parse(filter).orElseThrow(), SubscriptionOptions.of(QoS.AT_LEAST_ONCE));
      apply(new Command.Subscribe(clientId, epoch, 1, 0, List.of(request)));
      return epoch;
    }

    List<Event> publish(String clientId, long epoch, TopicName topic, long number) {
      var message =
          Message.received(
              clientId, topic, QoS.AT_LEAST_ONCE, false, MessageProperties.NONE, PAYLOAD, NOW);
      int packetId = (int) (number % PACKET_IDS) + 1;
      return apply(new Command.Publish(clientId, epoch, packetId, message));
    }

    void requireQueued(String clientId, int messages) {
      int queued = machine.session(clientId).queued();
      if (queued != messages) {
        throw new IllegalStateException(clientId + " is owed " + queued);
      }
    }
  }

  /** Publishers and subscribers, all online. */
  @State(Scope.Benchmark)
  public static class Pairs {
    private final Steps steps = new Steps();
    private final String[] publishers = new String[PAIRS];
    private final String[] subscribers = new String[PAIRS];
    private final TopicName[] topics = new TopicName[PAIRS];
    private final long[] publisherEpochs = new long[PAIRS];
    private final long[] subscriberEpochs = new long[PAIRS];
    private final long[] published = new long[PAIRS];
    private int next;

    @Setup
    public void begin() {
      for (int i = 0; i < PAIRS; i++) {
        publishers[i] = "publisher" + i;
        subscribers[i] = "subscriber" + i;
        topics[i] = TopicName.of("site/3/meter/" + i + "/state");
        publisherEpochs[i] = steps.attach(publishers[i]);
        subscriberEpochs[i] = steps.subscribe(subscribers[i], topics[i].text());
        while (published[i] < WINDOW) {
          publish(i);
        }
      }
    }

    private List<Event> publish(int pair) {
      return steps.publish(
          publishers[pair], publisherEpochs[pair], topics[pair], published[pair]++);
    }

    private List<Event> acknowledge(int pair) {
      return steps.apply(
          new Command.Acknowledge(
              subscribers[pair],
              subscriberEpochs[pair],
              published[pair] - 1 - WINDOW,
              Kind.PUBACK));
    }

    /** Had a command been refused, this would tell it. */
    @TearDown(Level.Iteration)
    public void check() {
      for (var subscriber : subscribers) {
        steps.requireQueued(subscriber, WINDOW);
      }
    }
  }

  /** A publisher and one subscriber, whose session is new each time. */
  @State(Scope.Benchmark)
  public abstract static class One {
    private static final String PUBLISHER = "publisher";
    private static final String SUBSCRIBER = "subscriber";
    private static final TopicName TOPIC = TopicName.of("site/3/meter/17/state");

    private final Steps steps = new Steps();
    private final long publisherEpoch = steps.attach(PUBLISHER);
    private long published;

    final void renew(boolean online) {
      steps.apply(new Command.EndSession(SUBSCRIBER));
      long epoch = steps.subscribe(SUBSCRIBER, TOPIC.text());
      if (!online) {
        steps.apply(new Command.Detach(SUBSCRIBER, epoch, OptionalLong.empty(), false));
      }
    }

    /** Had a command been refused, this would tell it. */
    @TearDown(Level.Invocation)
    public void check() {
      steps.requireQueued(SUBSCRIBER, MESSAGES);
    }

    final void publishAll(Blackhole told) {
      for (int i = 0; i < MESSAGES; i++) {
        told.consume(steps.publish(PUBLISHER, publisherEpoch, TOPIC, published++));
      }
    }
  }

  /** The subscriber has a connection. */
  public static class Online extends One {
    @Setup(Level.Invocation)
    public void begin() {
      renew(true);
    }
  }

  /** The subscriber has none. */
  public static class Offline extends One {
    @Setup(Level.Invocation)
    public void begin() {
      renew(false);
    }
  }

  /** A message to one who is online: enqueued, to be sent at once. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void publish(Online one, Blackhole told) {
    one.publishAll(told);
  }

  /** A message to one who is offline: enqueued, to wait. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void publishToOffline(Offline one, Blackhole told) {
    one.publishAll(told);
  }

  /** A message to one of many who are online, and the PUBACK of an earlier one. */
  @Benchmark
  public void publishAndAcknowledge(Pairs pairs, Blackhole told) {
    int pair = pairs.next;
    pairs.next = pair + 1 < PAIRS ? pair + 1 : 0;
    told.consume(pairs.publish(pair));
    told.consume(pairs.acknowledge(pair));
  }
}
