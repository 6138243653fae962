package org.parley.testing.crash;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
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

/**
 * Has one subscription and a session that outlives everything. It keeps the state of QoS 2 as a
 * receiver has to, over all of its connections: an identifier is open from the first PUBLISH to
 * PUBREL, and what comes again meanwhile is no second delivery.
 */
final class Subscriber implements Client {
  /** The restless cut their connection after so many packets, between these. */
  private static final int FEW = 50;

  private static final int MANY = 1_500;
  private static final int SMALL_WINDOW = 5;
  private static final int END_PATIENCE_MILLIS = 10_000;

  private final String name;
  private final ProtocolVersion version;
  private final String filter;
  private final int qos;
  private final boolean restless;
  private final Receipts receipts;
  private final Ledger ledger;
  private final Random random;

  /** The payloads of QoS 2 by Packet Identifier, from PUBLISH to PUBREL. */
  private final Map<Integer, String> open = new HashMap<>();

  /** The last first delivery by publisher and QoS. */
  private final Map<String, Integer> last = new HashMap<>();

  private boolean lost;
  private boolean ended;
  private boolean answered;

  Subscriber(
      String name,
      ProtocolVersion version,
      String filter,
      int qos,
      boolean restless,
      Receipts receipts,
      Ledger ledger,
      Random random) {
    this.name = name;
    this.version = version;
    this.filter = filter;
    this.qos = qos;
    this.restless = restless;
    this.receipts = receipts;
    this.ledger = ledger;
    this.random = random;
  }

  @Override
  public String name() {
    return name;
  }

  /** The topic whose message is the last one that it waits for. */
  String end() {
    return "end/" + name;
  }

  private Line connect(int port) throws IOException {
    var connect = ConnectBytes.of(version, name).resume(EXPIRY_SECONDS);
    if (restless && version == ProtocolVersion.V5) {
      connect.receiveMaximum(SMALL_WINDOW);
    }
    var line = Line.open(port, version);
    try {
      lost |= !ledger.connected(name, line.connect(connect));
      return line;
    } catch (IOException | AssertionError e) {
      line.close();
      throw e;
    }
  }

  /** Makes the session and the subscription; the connection ends. */
  void begin(int port) throws IOException {
    try (var line = connect(port)) {
      line.send(1, SubscribeBytes.of(filter, qos).and(end(), 1));
      var suback = line.next(Suback.class);
      if (suback.reasons().stream().anyMatch(reason -> reason.value() >= 0x80)) {
        throw new Line.Unexpected(suback);
      }
      line.disconnect();
    }
  }

  @Override
  public void run(int port) throws IOException {
    while (true) {
      try (var line = connect(port)) {
        int left = restless ? random.nextInt(FEW, MANY) : Integer.MAX_VALUE;
        while (left-- > 0) {
          take(line, line.next());
        }
      }
    }
  }

  /** Takes all that is owed, up to the message that was published last; nothing if it was lost. */
  void drain(int port) throws IOException {
    try (var line = connect(port)) {
      line.patience(END_PATIENCE_MILLIS);
      while (!lost && (!ended || !open.isEmpty())) {
        take(line, line.next());
      }
      line.disconnect();
    }
  }

  /** Comes once more, after everything: nothing is delivered a second time. */
  void after(int port) throws IOException {
    try (var line = connect(port)) {
      line.ping();
      answered = false;
      while (!answered || line.hasMore()) {
        take(line, line.next());
      }
      line.disconnect();
    }
  }

  private void take(Line line, Packet packet) throws IOException {
    switch (packet) {
      case Publish publish -> take(line, publish);
      case Pubrel release -> {
        open.remove(release.packetId());
        line.acknowledge(0x70, release.packetId());
      }
      case Pingresp _ -> answered = true;
      default -> throw new Line.Unexpected(packet);
    }
  }

  private void take(Line line, Publish publish) throws IOException {
    var payload = Peer.text(publish);
    if (publish.qos() == QoS.EXACTLY_ONCE) {
      var former = open.putIfAbsent(publish.packetId(), payload);
      if (former == null) {
        deliver(publish, payload);
      } else if (!former.equals(payload)) {
        ledger.fault(
            Fault.MESSAGE_SWALLOWED,
            name + " has " + start(payload) + " instead of " + start(former));
      } else if (!publish.dup()) {
        ledger.fault(Fault.WITHOUT_DUP, name + " has " + start(payload));
      }
      line.acknowledge(0x50, publish.packetId());
    } else {
      deliver(publish, payload);
      line.acknowledge(0x40, publish.packetId());
    }
  }

  private void deliver(Publish publish, String payload) {
    if (publish.topic().text().equals(end())) {
      ended = true;
      return;
    }
    var words = payload.split(" ", -1);
    int number = Integer.parseInt(words[1]);
    if (receipts.add(words[0], number)) {
      ledger.delivered();
      var former = last.put(words[0] + " " + words[2], number);
      if (former != null && former > number && isOrdered()) {
        ledger.fault(
            Fault.OUT_OF_ORDER, name + " has " + words[0] + " " + number + " after " + former);
      }
    } else if (publish.qos() == QoS.EXACTLY_ONCE) {
      ledger.fault(Fault.TWICE, name + " has " + words[0] + " " + number + " again");
    }
  }

  /**
   * In a group, what one member was not sent, or what a publisher sends again, may go to another
   * one, who has later ones already.
   */
  private boolean isOrdered() {
    return !filter.startsWith("$share/");
  }

  private static String start(String payload) {
    return payload.substring(0, Math.min(payload.length(), 20));
  }
}
