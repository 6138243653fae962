package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.parley.mqtt.packet.Pingresp;
import org.parley.mqtt.packet.Publish;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.SubscribeBytes;

/**
 * A client of 3.1.1 that keeps to the rules and wants to be left alone. Its name is longer than a
 * fuzzer can find out by watching comparisons.
 */
final class Bystander {
  static final String NAME = "bystander-".repeat(12);

  private final BrokerByHand broker;
  private final MemoryWire wire;
  private final List<Publish> heard = new ArrayList<>();
  private int lastPacketId;

  Bystander(BrokerByHand broker) {
    this.broker = broker;
    this.wire = broker.open();
    wire.observer().watch(heard::add);
    say(ConnectBytes.v311(NAME).toByteArray());
    assertThat(wire.observer().isAccepted()).isTrue();
    subscribe(NAME, 1);
  }

  private void say(byte[] packet) {
    wire.send(packet, packet.length);
    broker.comeToRest();
  }

  boolean isOn(MemoryWire other) {
    return wire.equals(other);
  }

  private int nextPacketId() {
    lastPacketId = lastPacketId % 0xFFFF + 1;
    return lastPacketId;
  }

  private void subscribe(String filter, int qos) {
    var packet = SubscribeBytes.of(filter, qos);
    say(packet.toByteArray(nextPacketId(), wire.observer().version().orElseThrow()));
  }

  private void publish(PublishBytes packet) {
    say(packet.toByteArray(wire.observer().version().orElseThrow()));
  }

  void requirePingresp() {
    say(Bytes.hex("C0 00"));
    assertThat(wire.observer().last()).contains(Pingresp.INSTANCE);
  }

  /** Sends itself a message and acknowledges it. The observer sees to it that it is answered. */
  void publish(String text) {
    publish(PublishBytes.of(NAME, text).qos(1, nextPacketId()));
    say(wire.observer().exchanges().acknowledgements());
  }

  void requireMessage(String text) {
    publish(text);
    assertThat(heard.getLast().payload().toByteArray()).asString().isEqualTo(text);
  }

  /** Removes all that is retained. */
  void sweep() {
    heard.clear();
    List.of("#", "$SYS/#").forEach(filter -> subscribe(filter, 0));
    heard.forEach(message -> broker.publish(message.topic(), ""));
    broker.comeToRest();
  }

  void disconnect() {
    say(Bytes.hex("E0 00"));
    wire.hangUp();
    broker.comeToRest();
  }
}
