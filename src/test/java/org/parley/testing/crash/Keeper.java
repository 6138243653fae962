package org.parley.testing.crash;

import java.io.IOException;
import java.util.Random;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Suback;
import org.parley.testing.crash.Publisher.Message;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.SubscribeBytes;

/** Writes retained messages with ever higher versions, some of which take the message away. */
final class Keeper implements Client, Publisher.Source {
  private static final int TOPICS = 8;
  private static final int GONE = 5;
  private static final String NAME = "keeper";
  private static final String CHECK = "keeper/check";

  private final Ledger ledger;
  private final Random random;
  private final Publisher publisher;

  /** By topic: the last version that was sent, and the last that was acknowledged. */
  private final int[] sent = new int[TOPICS];

  private final int[] acknowledged = new int[TOPICS];

  Keeper(Ledger ledger, Random random) {
    this.ledger = ledger;
    this.random = random;
    this.publisher = new Publisher(NAME, ProtocolVersion.V5, ledger, this, random);
  }

  /** Each so-manieth version is an empty message. */
  private static boolean isGone(int version) {
    return version % GONE == 0;
  }

  @Override
  public Message next() {
    int topic = random.nextInt(TOPICS);
    int version = ++sent[topic];
    return new Message(
        topic + TOPICS * version,
        "keep/" + topic,
        isGone(version) ? "" : Integer.toString(version),
        1 + topic % 2, // one QoS for a topic: what is sent again with QoS 1 counts again
        true);
  }

  @Override
  public void acknowledged(Message message) {
    int topic = message.number() % TOPICS;
    acknowledged[topic] = Math.max(acknowledged[topic], message.number() / TOPICS);
    ledger.acknowledged();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void run(int port) throws IOException {
    publisher.run(port);
  }

  void settle(int port) throws IOException {
    publisher.settle(port);
  }

  /** Asks for all retained messages and compares, while nothing is published. */
  void check(int port) throws IOException {
    var found = new int[TOPICS];
    try (var line = Line.open(port, ProtocolVersion.V5)) {
      var connack = line.connect(ConnectBytes.v5("keeper-check"));
      if (connack.reason() != ReasonCode.SUCCESS) {
        throw new Line.Unexpected(connack);
      }
      line.send(1, SubscribeBytes.of("keep/#", 0).and(CHECK, 0));
      var _ = line.next(Suback.class);
      line.send(PublishBytes.of(CHECK, ""));
      var publish = line.next(Publish.class);
      while (!publish.topic().text().equals(CHECK)) {
        int topic = Integer.parseInt(publish.topic().text().substring("keep/".length()));
        found[topic] = Integer.parseInt(Peer.text(publish));
        publish = line.next(Publish.class);
      }
    }
    for (int topic = 0; topic < TOPICS; topic++) {
      if (!isRight(topic, found[topic])) {
        ledger.fault(
            Fault.RETAINED_LOST,
            "keep/"
                + topic
                + " is "
                + found[topic]
                + ", sent "
                + sent[topic]
                + ", acknowledged "
                + acknowledged[topic]);
      }
    }
  }

  private boolean isRight(int topic, int found) {
    int from = acknowledged[topic];
    int to = sent[topic];
    return found == 0 ? from == 0 || hasGone(from, to) : found >= from && found <= to;
  }

  private static boolean hasGone(int from, int to) {
    return from % GONE == 0 || to / GONE > from / GONE;
  }
}
