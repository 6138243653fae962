package org.parley.testing.crash;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.parley.mqtt.packet.Acknowledgement;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.PublishBytes;

/**
 * Publishes with QoS 1 and 2 without a pause and, whenever it is back, sends again what is open:
 * PUBLISH with DUP in the former order, or PUBREL. Few Packet Identifiers, so that each comes up
 * again soon.
 */
final class Publisher implements Client {
  private static final int WINDOW = 16;
  private static final int PACKET_IDS = 40;

  /** Between these numbers of messages it cuts its connection and comes again. */
  private static final int FEW = 100;

  private static final int MANY = 2_000;

  /** A message with its place in what this publisher has said. */
  record Message(int number, String topic, String payload, int qos, boolean retain) {}

  /** Says what to publish, and hears what was acknowledged. */
  interface Source {
    Message next();

    void acknowledged(Message message);
  }

  private record Open(Message message, boolean released) {}

  private final String name;
  private final ProtocolVersion version;
  private final Ledger ledger;
  private final Source source;
  private final Random random;

  /** In the order of their first PUBLISH. */
  private final Map<Integer, Open> open = new LinkedHashMap<>();

  private int lastPacketId;

  Publisher(String name, ProtocolVersion version, Ledger ledger, Source source, Random random) {
    this.name = name;
    this.version = version;
    this.ledger = ledger;
    this.source = source;
    this.random = random;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void run(int port) throws IOException {
    while (true) {
      work(port, random.nextInt(FEW, MANY));
    }
  }

  /** Brings what is open to its end, and begins nothing new. */
  void settle(int port) throws IOException {
    work(port, 0);
  }

  private void work(int port, int messages) throws IOException {
    try (var line = Line.open(port, version)) {
      var _ =
          ledger.connected(
              name, line.connect(ConnectBytes.of(version, name).resume(EXPIRY_SECONDS)));
      for (var each : open.entrySet()) {
        send(line, each.getKey(), each.getValue(), true);
      }
      int left = messages;
      while (left > 0 || (messages == 0 && !open.isEmpty())) {
        while (left > 0 && open.size() < WINDOW) {
          left--;
          begin(line);
        }
        if (!open.isEmpty()) {
          take(line, line.next());
        }
      }
    }
  }

  private void begin(Line line) throws IOException {
    do {
      lastPacketId = lastPacketId % PACKET_IDS + 1;
    } while (open.containsKey(lastPacketId));
    var exchange = new Open(source.next(), false);
    open.put(lastPacketId, exchange);
    send(line, lastPacketId, exchange, false);
  }

  private static void send(Line line, int packetId, Open exchange, boolean again)
      throws IOException {
    if (exchange.released) {
      line.acknowledge(0x62, packetId);
      return;
    }
    var message = exchange.message;
    var publish = PublishBytes.of(message.topic, message.payload).qos(message.qos, packetId);
    if (again) {
      publish.dup();
    }
    if (message.retain) {
      publish.retain();
    }
    line.send(publish);
  }

  private void take(Line line, Packet packet) throws IOException {
    if (!(packet instanceof Acknowledgement answer)) {
      throw new Line.Unexpected(packet);
    }
    int packetId = answer.packetId();
    var exchange = open.get(packetId);
    if (exchange == null || !isExpected(answer, exchange)) {
      ledger.fault(Fault.UNASKED, name + " gets " + packet);
    } else if (answer.reason().value() >= 0x80 && !(answer instanceof Pubcomp)) {
      ledger.fault(Fault.REFUSED, name + " gets " + packet);
      open.remove(packetId);
    } else {
      switch (answer) {
        case Puback _ -> {
          open.remove(packetId);
          source.acknowledged(exchange.message);
        }
        case Pubrec _ -> {
          source.acknowledged(exchange.message);
          var released = new Open(exchange.message, true);
          open.replace(packetId, released);
          send(line, packetId, released, false);
        }
        default -> open.remove(packetId);
      }
    }
  }

  private static boolean isExpected(Acknowledgement answer, Open exchange) {
    return switch (answer) {
      case Puback _ -> exchange.message.qos == 1;
      case Pubrec _ -> exchange.message.qos == 2 && !exchange.released;
      case Pubcomp _ -> exchange.released;
      case Acknowledgement.Pubrel _ -> false;
    };
  }
}
