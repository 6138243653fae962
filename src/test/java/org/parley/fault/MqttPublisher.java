package org.parley.fault;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.parley.mqtt.packet.Acknowledgement;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.PublishBytes;

/**
 * Numbers its messages and publishes a few at a time on a topic of its own, with QoS 1 or 2. When
 * it is back it sends again what is open.
 */
final class MqttPublisher extends GoodClient {
  static final int EXPIRY_SECONDS = 86_400;
  private static final int BURST = 5;
  private static final int PAUSE_MILLIS = 800;
  private static final int KEEP_ALIVE_SECONDS = 60;

  private final int number;
  private final Transport transport;
  private final ProtocolVersion version;
  private final SSLContext tls;
  private final Books books;
  private final Map<Integer, Open> open = new LinkedHashMap<>();
  private int last;
  private int lastPacketId;
  private boolean known;

  private record Open(int number, String padding, boolean released) {}

  MqttPublisher(
      int number, SSLContext tls, Cable cable, Books books, Situation situation, long seed) {
    super("publisher-" + number, cable, situation, seed);
    this.number = number;
    this.transport = Transport.of(number);
    this.version = number / 3 % 2 == 0 ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1;
    this.tls = tls;
    this.books = books;
  }

  static String topic(int publisher) {
    return "fault/" + publisher;
  }

  private int qos() {
    return number % 2 + 1;
  }

  @Override
  boolean done() {
    return situation.isOver() || (situation.isLastCall() && open.isEmpty());
  }

  @Override
  boolean excused(long begun) {
    return super.excused(begun) || situation.diskFull().touches(begun);
  }

  @Override
  void work() throws IOException {
    try (var line = MqttLine.open(transport, cable.port(), tls, version)) {
      var connect =
          ConnectBytes.of(version, name).resume(EXPIRY_SECONDS).keepAlive(KEEP_ALIVE_SECONDS);
      boolean present = line.connect(connect);
      if (known && !present) {
        situation.findings().add(name + " has lost its session");
      }
      known = true;
      standing();
      for (var each : open.entrySet()) {
        send(line, each.getKey(), each.getValue(), true);
      }
      settle(line);
      while (!done()) {
        for (int i = random.nextInt(BURST); i >= 0; i--) {
          begin(line);
        }
        settle(line);
        situation.pause(random.nextInt(PAUSE_MILLIS));
      }
      line.disconnect();
    }
  }

  private void begin(MqttLine line) throws IOException {
    do {
      lastPacketId = lastPacketId % 100 + 1;
    } while (open.containsKey(lastPacketId));
    var exchange = new Open(++last, "x".repeat(random.nextInt(400)), false);
    open.put(lastPacketId, exchange);
    books.sent();
    send(line, lastPacketId, exchange, false);
  }

  private void send(MqttLine line, int packetId, Open exchange, boolean again) throws IOException {
    if (exchange.released) {
      line.acknowledge(0x62, packetId);
      return;
    }
    var payload = number + " " + exchange.number + " " + exchange.padding;
    var publish = PublishBytes.of(topic(number), payload).qos(qos(), packetId);
    if (again) {
      publish.dup();
    }
    line.send(publish.toByteArray(version));
  }

  /** Waits for all answers that are due. */
  private void settle(MqttLine line) throws IOException {
    while (!open.isEmpty()) {
      var packet = line.next();
      if (!(packet instanceof Acknowledgement answer)) {
        throw new AssertionError(name + " gets " + packet);
      }
      take(line, answer);
    }
  }

  private void take(MqttLine line, Acknowledgement answer) throws IOException {
    int packetId = answer.packetId();
    var exchange = open.get(packetId);
    if (exchange == null) {
      throw new AssertionError(name + " gets " + answer);
    }
    if (answer.reason().isFailure() && !(answer instanceof Pubcomp)) {
      open.remove(packetId);
      refused(answer);
      return;
    }
    switch (answer) {
      case Puback _ -> {
        open.remove(packetId);
        books.acknowledged(number, exchange.number);
      }
      case Pubrec _ -> {
        books.acknowledged(number, exchange.number);
        var released = new Open(exchange.number, exchange.padding, true);
        open.put(packetId, released);
        send(line, packetId, released, false);
      }
      case Pubcomp _ -> open.remove(packetId);
      case Pubrel _ -> throw new AssertionError(name + " gets " + answer);
    }
  }

  private void refused(Acknowledgement answer) {
    if (answer.reason() == ReasonCode.QUOTA_EXCEEDED
        && situation.diskFull().touches(System.nanoTime() - MqttLine.PATIENCE.toNanos())) {
      books.refusedFull();
    } else {
      situation.findings().add(name + " is refused a message: " + answer);
    }
  }
}
