package org.parley.fault;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.Pingresp;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.Suback;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.SubscribeBytes;

/** Has a durable session, hears some publishers with QoS 2, and pings all the time. */
final class MqttSubscriber extends GoodClient {
  private static final int KEEP_ALIVE_SECONDS = 30;
  private static final long PING_MILLIS = 5_000;

  private final Transport transport;
  private final ProtocolVersion version;
  private final SSLContext tls;
  private final List<Integer> publishers;
  private final Books books;
  private final CountDownLatch subscribed = new CountDownLatch(1);

  /** The payloads of QoS 2 by Packet Identifier, from PUBLISH to PUBREL. */
  private final Map<Integer, String> open = new HashMap<>();

  private final Map<Integer, Integer> last = new HashMap<>();
  private volatile @Nullable MqttLine current;
  private boolean known;

  MqttSubscriber(
      int number,
      List<Integer> publishers,
      SSLContext tls,
      Cable cable,
      Books books,
      Situation situation,
      long seed) {
    super("subscriber-" + number, cable, situation, seed);
    this.transport = Transport.of(number);
    this.version = number / 3 % 2 == 0 ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1;
    this.publishers = publishers;
    this.tls = tls;
    this.books = books;
  }

  /** Returns whether its subscriptions stand within this time. */
  boolean awaitSubscribed(long seconds) throws InterruptedException {
    return subscribed.await(seconds, TimeUnit.SECONDS);
  }

  @Override
  boolean done() {
    return situation.isOver();
  }

  /** Keeps the connection alive; for a thread of its own. */
  void ping() {
    while (!situation.isOver()) {
      situation.pause(PING_MILLIS);
      var line = current;
      if (line != null) {
        try {
          line.ping();
        } catch (IOException _) {
          // the reader sees it, too
        }
      }
    }
  }

  @Override
  void work() throws IOException {
    try (var line = MqttLine.open(transport, cable.port(), tls, version)) {
      var connect =
          ConnectBytes.of(version, name)
              .resume(MqttPublisher.EXPIRY_SECONDS)
              .keepAlive(KEEP_ALIVE_SECONDS);
      boolean present = line.connect(connect);
      if (!present) {
        if (known) {
          situation.findings().add(name + " has lost its session");
        }
        open.clear();
      }
      if (!present || !known) {
        subscribe(line);
      }
      known = true;
      current = line;
      standing();
      subscribed.countDown();
      while (!done()) {
        take(line, line.next());
      }
    } finally {
      current = null;
    }
  }

  private void subscribe(MqttLine line) throws IOException {
    var subscribe = SubscribeBytes.empty();
    for (int publisher : publishers) {
      subscribe.and(MqttPublisher.topic(publisher), 2);
      books.subscribed(name, publisher);
    }
    line.send(subscribe.toByteArray(1, version));
    var answer = line.next();
    if (!(answer instanceof Suback suback)
        || suback.reasons().stream().anyMatch(reason -> reason.isFailure())) {
      throw new Refused(answer.toString());
    }
  }

  private void take(MqttLine line, Packet packet) throws IOException {
    switch (packet) {
      case Publish publish -> take(line, publish);
      case Pubrel release -> {
        open.remove(release.packetId());
        line.acknowledge(0x70, release.packetId());
      }
      case Pingresp _ -> {}
      default -> throw new AssertionError(name + " gets " + packet);
    }
  }

  private void take(MqttLine line, Publish publish) throws IOException {
    var payload = Peer.text(publish);
    if (publish.qos() == QoS.EXACTLY_ONCE) {
      var former = open.putIfAbsent(publish.packetId(), payload);
      if (former == null) {
        deliver(publish, payload);
      } else if (!former.equals(payload)) {
        situation.findings().add(name + " has " + payload + " in the place of " + former);
      }
      line.acknowledge(0x50, publish.packetId());
    } else {
      deliver(publish, payload);
      line.acknowledge(0x40, publish.packetId());
    }
  }

  private void deliver(Publish publish, String payload) {
    var words = payload.split(" ", -1);
    int publisher = Integer.parseInt(words[0]);
    int number = Integer.parseInt(words[1]);
    if (books.received(name, publisher, number)) {
      var former = last.put(publisher, number);
      if (former != null && former > number) {
        situation.findings().add(name + " has " + payload + " behind " + former);
      }
    } else if (publish.qos() == QoS.EXACTLY_ONCE) {
      situation.findings().add(name + " has a second time " + payload);
    }
  }
}
