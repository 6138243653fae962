package org.parley.mqtt.broker;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.Publish;

/** What has happened last, for the message of a failure. */
final class History {
  private static final int LINES = Integer.getInteger("parley.model.history", 60);

  private final ArrayDeque<String> lines = new ArrayDeque<>();
  private final boolean kept;

  /**
   * @param kept false: nothing is kept, which costs nothing
   */
  History(boolean kept) {
    this.kept = kept;
  }

  void add(Supplier<String> line) {
    if (kept) {
      lines.add(line.get());
      if (lines.size() > LINES) {
        lines.remove();
      }
    }
  }

  /** Returns what matters of a packet. */
  static String text(Packet packet) {
    return packet instanceof Publish publish
        ? "PUBLISH %s '%s' QoS %d id %d%s%s alias %d ids %s %s"
            .formatted(
                publish.topic().text(),
                new String(publish.payload().toByteArray(), StandardCharsets.UTF_8),
                publish.qos().value(),
                publish.packetId(),
                publish.dup() ? " DUP" : "",
                publish.retain() ? " RETAIN" : "",
                publish.topicAlias(),
                publish.subscriptionIds(),
                publish.properties().messageExpiry())
        : packet.toString().replaceAll("(, )?(problem|properties)=.*\\]", "");
  }

  @Override
  public String toString() {
    return String.join("\n  ", lines);
  }
}
