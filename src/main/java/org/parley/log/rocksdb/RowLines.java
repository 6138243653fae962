package org.parley.log.rocksdb;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.parley.log.row.RowException;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.Will;
import org.parley.mqtt.routing.TopicFilter;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.Owner;
import org.parley.mqtt.state.QueueEntry;
import org.parley.mqtt.state.RetainedMessage;
import org.parley.mqtt.state.SessionRecord;
import org.parley.mqtt.state.StateRows;
import org.parley.mqtt.state.WillRecord;

/** Prints rows, each as one JSON object. What peers sent as bytes is its length, or Base64. */
final class RowLines implements StateRows {
  private final PrintStream out;
  private final boolean payloads;

  RowLines(PrintStream out, boolean payloads) {
    this.out = out;
    this.payloads = payloads;
  }

  /** Prints one row; returns whether it could be decoded. */
  boolean print(Family family, byte[] key, byte[] value) {
    try {
      if (family == Family.META) {
        long number = RowDecoder.meta(key, value);
        print(line(family).put("key", text(key)).put("value", number));
      } else if (family == Family.DAMAGED) {
        print(bytes(line(family).put("key", HexFormat.of().formatHex(key)), "value", value));
      } else {
        RowDecoder.tell(family, key, value, _ -> true, this);
      }
      return true;
    } catch (RowException | IndexOutOfBoundsException e) {
      var line = line(family).put("key", HexFormat.of().formatHex(key));
      print(bytes(line, "value", value).put("unreadable", String.valueOf(e.getMessage())));
      return false;
    }
  }

  private static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  private static JsonLine line(Family family) {
    return new JsonLine().put("family", family.text());
  }

  private void print(JsonLine line) {
    out.println(line);
  }

  private JsonLine bytes(JsonLine line, String name, byte[] value) {
    return payloads ? line.put(name, value) : line.put(name + "Bytes", value.length);
  }

  private JsonLine bytes(JsonLine line, String name, BinaryData value) {
    return bytes(line, name, value.toByteArray());
  }

  private void bytes(JsonLine line, String name, Optional<BinaryData> value) {
    value.ifPresent(present -> bytes(line, name, present));
  }

  private static void time(JsonLine line, String name, long value) {
    if (value != Message.NEVER) {
      line.put(name, value);
    }
  }

  private void owner(JsonLine line, Owner owner) {
    owner.userName().ifPresent(name -> line.put("userName", name));
    owner.tokenEnd().ifPresent(end -> line.put("tokenEnd", end.toEpochMilli()));
    bytes(line, "certificate", owner.certificate());
    line.put("protocol", owner.protocol())
        .put("transport", owner.transport())
        .put("remoteAddress", owner.remoteAddress());
  }

  private void will(JsonLine line, Will will) {
    line.put("willTopic", will.topic().text())
        .put("willQos", will.qos().value())
        .put("willRetain", will.retain())
        .put("willDelaySeconds", will.delaySeconds());
    properties(line, will.properties());
    bytes(line, "willPayload", will.payload());
  }

  private void message(JsonLine line, Message message) {
    line.put("publisher", message.publisher())
        .put("topic", message.topic().text())
        .put("publishedQos", message.qos().value())
        .put("publishedRetain", message.retain())
        .put("receivedAt", message.receivedAt());
    time(line, "expiresAt", message.expiresAt());
    properties(line, message.properties());
    bytes(line, "payload", message.payload());
  }

  private void properties(JsonLine line, MessageProperties properties) {
    properties.payloadFormat().ifPresent(format -> line.put("payloadFormat", format));
    properties.messageExpiry().ifPresent(seconds -> line.put("messageExpiry", seconds));
    properties.contentType().ifPresent(type -> line.put("contentType", type));
    properties.responseTopic().ifPresent(topic -> line.put("responseTopic", topic));
    bytes(line, "correlationData", properties.correlationData());
    if (!properties.userProperties().isEmpty()) {
      line.putPairs(
          "userProperties",
          properties.userProperties().stream()
              .flatMap(property -> Stream.of(property.name(), property.value()))
              .toList());
    }
  }

  @Override
  public void session(SessionRecord session) {
    var line =
        line(Family.SESSION)
            .put("session", session.number())
            .put("clientId", session.clientId())
            .put("epoch", session.epoch())
            .put("expirySeconds", session.expirySeconds())
            .put("receiveMaximum", session.receiveMaximum())
            .put("online", session.online());
    time(line, "endsAt", session.endsAt());
    line.put("nextSequence", session.nextSequence()).put("sentBefore", session.sentBefore());
    owner(line, session.owner());
    session.will().ifPresent(will -> will(line, will));
    print(line);
  }

  @Override
  public void subscription(
      long session, TopicFilter filter, SubscriptionOptions options, int subscriptionId) {
    print(
        line(Family.SUBSCRIPTION)
            .put("session", session)
            .put("filter", filter.text())
            .put("maximumQos", options.maximumQos().value())
            .put("noLocal", options.noLocal())
            .put("retainAsPublished", options.retainAsPublished())
            .put("retainHandling", options.retainHandling().value())
            .put("subscriptionId", subscriptionId));
  }

  @Override
  public void message(long number, Message message) {
    var line = line(Family.MESSAGE).put("message", number);
    message(line, message);
    print(line);
  }

  @Override
  public void entry(long session, QueueEntry entry, long message) {
    var delivery = entry.delivery();
    var line =
        line(Family.ENTRY)
            .put("session", session)
            .put("sequence", entry.sequence())
            .put("packetId", entry.packetId())
            .put("qos", delivery.qos().value())
            .put("retain", delivery.retain())
            .put("replayed", delivery.replayed())
            .put("released", entry.released())
            .put("subscriptionIds", delivery.subscriptionIds());
    entry.group().ifPresent(group -> line.put("group", group.text()));
    delivery.publisher().ifPresent(publisher -> owner(line, publisher));
    if (message == IN_THE_ENTRY) {
      message(line, delivery.message());
    } else {
      line.put("message", message);
    }
    print(line);
  }

  @Override
  public void inbound(long session, int packetId, ReasonCode reason) {
    print(
        line(Family.INBOUND)
            .put("session", session)
            .put("packetId", packetId)
            .put("reason", reason.value()));
  }

  @Override
  public void retained(RetainedMessage retained) {
    var line = line(Family.RETAINED);
    retained.publisher().ifPresent(publisher -> owner(line, publisher));
    message(line, retained.message());
    print(line);
  }

  @Override
  public void will(WillRecord will) {
    var line =
        line(Family.WILL).put("epoch", will.id().epoch()).put("clientId", will.id().clientId());
    time(line, "due", will.due());
    owner(line, will.owner());
    will(line, will.will());
    print(line);
  }
}
