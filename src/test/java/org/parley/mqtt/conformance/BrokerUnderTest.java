package org.parley.mqtt.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.TestBroker;
import org.parley.testing.mqtt.TestOptions;

/** A broker of its own for each test; it and its peers end with the test. */
abstract class BrokerUnderTest {
  private final List<Peer> peers = new ArrayList<>();
  private final List<TestBroker> brokers = new ArrayList<>();

  /** Returns the broker; one with the product's defaults unless {@link #start} was called. */
  final TestBroker broker() {
    return brokers.isEmpty() ? start(_ -> {}) : brokers.getLast();
  }

  /** Starts a broker that differs from the product's defaults, in the place of another. */
  final TestBroker start(Consumer<TestOptions> change) {
    var started = TestBroker.start(change);
    brokers.add(started);
    return started;
  }

  /** A peer that has said nothing yet. */
  final Peer open() {
    var peer = Peer.open(broker());
    peers.add(peer);
    return peer;
  }

  /** A peer with MQTT 5.0 and a session that ends with the connection. */
  final Peer peer(String clientId) {
    return peer(ConnectBytes.v5(clientId));
  }

  /** A peer that was accepted. */
  final Peer peer(ConnectBytes connect) {
    var peer = Peer.connected(broker(), connect);
    peers.add(peer);
    return peer;
  }

  @AfterEach
  final void end() {
    peers.forEach(Peer::close);
    brokers.forEach(TestBroker::close);
  }
}
