package org.parley.testing.mqtt;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.parley.mqtt.broker.MqttBroker;
import org.parley.mqtt.broker.MqttCounters;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.StateMachine;
import org.parley.transport.EventLoops;
import org.parley.transport.TcpListener;
import org.parley.transport.WireLimits;

/** A whole MQTT broker behind a real TCP port of this process, with a clock that the test moves. */
public final class TestBroker implements AutoCloseable {
  /** For all brokers of the process: to end such threads takes a second. */
  private static final EventLoops LOOPS = EventLoops.start(2, TestBroker.class.getClassLoader());

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final UnwiredBroker unwired;
  private final TcpListener listener;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  private TestBroker(Consumer<TestOptions> change) throws IOException {
    unwired =
        UnwiredBroker.start(
            change,
            (delay, task) -> {
              var _ = timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
            });
    listener =
        TcpListener.bind(
            LOOPS,
            new TcpListener.Options(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                128,
                1000,
                new WireLimits(64 * 1024, 256 * 1024, 64 << 20, Duration.ofMillis(500)),
                Optional.empty(),
                Optional.empty()),
            unwired.broker());
    listener.accept();
  }

  public static TestBroker start() {
    return start(_ -> {});
  }

  /** Starts one that differs from the product's defaults. */
  public static TestBroker start(Consumer<TestOptions> change) {
    try {
      return new TestBroker(change);
    } catch (IOException e) {
      throw new IllegalStateException("no port", e);
    }
  }

  public int port() {
    return listener.address().getPort();
  }

  public TestAccess access() {
    return unwired.access();
  }

  public MqttCounters counters() {
    return unwired.counters();
  }

  public StateMachine state() {
    return unwired.state();
  }

  public MqttBroker broker() {
    return unwired.broker();
  }

  public MovedClock clock() {
    return unwired.clock();
  }

  /** Time passes, and the broker looks at it. */
  public void advance(Duration by) {
    unwired.advance(by);
  }

  /** The broker itself says something; its topics may begin with a dollar sign. */
  public void publish(String topic, String payload, boolean retain) {
    broker()
        .publish(
            Message.received(
                "",
                TopicName.of(topic),
                QoS.AT_MOST_ONCE,
                retain,
                MessageProperties.NONE,
                BinaryData.of(payload.getBytes(StandardCharsets.UTF_8)),
                clock().millis()));
  }

  /** Waits until so many network connections are left: an end without a word is seen late. */
  public void awaitConnections(int count) {
    await()
        .alias("connections")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(broker()::connections, open -> open == count);
  }

  /** Rights were changed by {@link #access()}: the broker is told. */
  public void rightsChanged() {
    access().changed();
    broker().rightsChanged();
  }

  @Override
  public void close() {
    listener.stopAccepting();
    broker().stop(Duration.ofSeconds(1));
    timer.shutdownNow();
    unwired.close();
  }
}
