package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.broker.MqttCounters.Drop;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.SubscribeBytes;
import org.parley.testing.mqtt.TestOptions;

/** One message for very many, one of whom does not read. */
class WideFanoutTest {
  private static final int MANY = 50_000;

  /** More than a wire and the queue of a slow peer take. */
  private static final int FLOOD = 64;

  private final BrokerByHand broker = broker();

  private static BrokerByHand broker() {
    var options = new TestOptions();
    options.sessions = MANY + 2;
    options.qos0Bytes = 256 << 10;
    return new BrokerByHand(options);
  }

  private static void say(MemoryWire wire, byte[] packet) {
    wire.send(packet, packet.length);
  }

  /** Returns a wire of a client that will have subscribed when the broker has worked. */
  private MemoryWire subscriber(String name, String... filters) {
    var wire = broker.open();
    say(wire, ConnectBytes.v5(name).toByteArray());
    for (int i = 0; i < filters.length; i++) {
      say(wire, SubscribeBytes.of(filters[i], 0).toByteArray(i + 1, ProtocolVersion.V5));
    }
    return wire;
  }

  private static void publish(MemoryWire publisher, String topic, String payload) {
    say(publisher, PublishBytes.of(topic, payload).toByteArray(ProtocolVersion.V5));
  }

  @Test
  @Tag("D23")
  void givenFiftyThousandSubscribers_whenOneDoesNotRead_thenAllOthersHaveTheMessage() {
    var publisher = subscriber("publisher");
    var slow = subscriber("slow", "flood", "all");
    var heard = new AtomicInteger();
    for (int i = 0; i < MANY; i++) {
      subscriber("c" + i, "all").observer().watch(_ -> heard.incrementAndGet());
      if (i % 10_000 == 0) {
        broker.work();
      }
    }
    broker.work();
    slow.taking(false);
    for (int i = 0; i < FLOOD; i++) {
      publish(publisher, "flood", "x".repeat(16 * 1024));
      broker.work();
      broker.advance(broker.options().publisherHold());
    }
    broker.work();
    assertThat(broker.counters().drops(Drop.SLOW_PEER)).as("the slow one is full").isPositive();

    publish(publisher, "all", "hello");
    broker.work();

    assertThat(heard).hasValue(MANY);
  }
}
