package org.parley.mqtt.broker;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.SubscribeBytes;

/** What a client of the model says: one packet, or the end of its connection. */
sealed interface Said {
  /** The Session Expiry Interval of a session that does not end. */
  long NEVER = 0xFFFF_FFFFL;

  /** A message without Message Expiry Interval. */
  long NO_EXPIRY = -1;

  /** What is in a message; the payload is unique, for the topic if it is empty. */
  record Content(
      String publisher, String topic, String payload, int qos, boolean retain, long expirySeconds) {
    private Content again(boolean v5) {
      var text = payload.isEmpty() ? payload : payload + "'";
      return new Content(publisher, topic, text, qos, retain, v5 ? expirySeconds : NO_EXPIRY);
    }

    /** Returns whether it is for those only who are there at once. */
    boolean isImmediate() {
      return expirySeconds == 0;
    }
  }

  /** A will, and how long it waits. */
  record Will(Content content, long delaySeconds) {}

  /**
   * CONNECT.
   *
   * @param expirySeconds 5.0: Session Expiry Interval
   * @param receiveMaximum 5.0; 0 for none
   */
  record Connect(
      ProtocolVersion version,
      String clientId,
      boolean clean,
      long expirySeconds,
      int receiveMaximum,
      int aliasMaximum,
      int keepAlive,
      @Nullable Will will)
      implements Said {}

  /**
   * PUBLISH.
   *
   * @param alias 5.0; 0 for none
   * @param named whether the Topic Name is in it
   */
  record Publish(int packetId, boolean dup, int alias, boolean named, Content content)
      implements Said {
    /**
     * Returns the same once more, on another connection. It has another payload: the server cannot
     * know, and it can be told which of the two has arrived.
     */
    Publish again(boolean v5) {
      return new Publish(packetId, true, 0, true, content.again(v5));
    }
  }

  /** PUBACK, PUBREC or PUBCOMP. */
  record Answer(int firstByte, int packetId, boolean failed) implements Said {
    static final int PUBACK = 0x40;
    static final int PUBREC = 0x50;
    static final int PUBCOMP = 0x70;
  }

  /** PUBREL. */
  record Release(int packetId) implements Said {}

  /** One filter of a SUBSCRIBE with the byte of its options. */
  record Wish(String filter, int options) {}

  /**
   * SUBSCRIBE.
   *
   * @param id the Subscription Identifier; 0 for none
   */
  record Subscribe(int packetId, int id, List<Wish> wishes) implements Said {}

  /** UNSUBSCRIBE. */
  record Unsubscribe(int packetId, List<String> filters) implements Said {}

  /** PINGREQ. */
  record Ping() implements Said {}

  /** DISCONNECT; 0x04 keeps the will. */
  record Disconnect(boolean keepsWill, OptionalLong expirySeconds) implements Said {}

  /** The end of the network connection. */
  record End() implements Said {}

  /** Returns the bytes of it. */
  default byte[] bytes(ProtocolVersion version) {
    boolean v5 = version == ProtocolVersion.V5;
    return switch (this) {
      case Connect connect -> bytes(connect);
      case Publish publish -> bytes(publish, version);
      case Answer(int first, int id, boolean failed) ->
          failed
              ? Bytes.packet(first, Bytes.empty().u16(id).u8(0x80))
              : Bytes.packet(first, Bytes.empty().u16(id));
      case Release(int id) -> Bytes.packet(0x62, Bytes.empty().u16(id));
      case Subscribe(int packetId, int id, var wishes) -> {
        var subscribe = SubscribeBytes.empty();
        wishes.forEach(wish -> subscribe.and(wish.filter(), wish.options()));
        yield (id == 0 ? subscribe : subscribe.id(id)).toByteArray(packetId, version);
      }
      case Unsubscribe(int packetId, var filters) -> {
        var body = Bytes.empty().u16(packetId);
        filters.forEach((v5 ? body.varInt(0) : body)::string);
        yield Bytes.packet(0xA2, body);
      }
      case Ping() -> Bytes.hex("C000");
      case Disconnect(boolean keepsWill, var expiry) ->
          !v5 || (!keepsWill && expiry.isEmpty())
              ? Bytes.hex("E000")
              : Bytes.packet(
                  0xE0,
                  Bytes.empty()
                      .u8(keepsWill ? 4 : 0)
                      .block(
                          expiry.isEmpty()
                              ? Bytes.empty()
                              : Bytes.empty().u8(0x11).u32(expiry.getAsLong())));
      case End() -> new byte[0];
    };
  }

  private static byte[] bytes(Connect connect) {
    var bytes =
        ConnectBytes.of(connect.version, connect.clientId)
            .cleanStart(connect.clean)
            .keepAlive(connect.keepAlive);
    if (connect.version == ProtocolVersion.V5) {
      if (connect.expirySeconds > 0) {
        bytes.expiry(connect.expirySeconds);
      }
      if (connect.receiveMaximum > 0) {
        bytes.receiveMaximum(connect.receiveMaximum);
      }
      if (connect.aliasMaximum > 0) {
        bytes.topicAliasMaximum(connect.aliasMaximum);
      }
    }
    var will = connect.will;
    if (will != null) {
      var content = will.content;
      bytes.will(content.topic, content.payload, content.qos, content.retain);
      if (will.delaySeconds > 0) {
        bytes.willDelay(will.delaySeconds);
      }
      if (content.expirySeconds >= 0) {
        bytes.willProperties(Bytes.empty().u8(0x02).u32(content.expirySeconds));
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] bytes(Publish publish, ProtocolVersion version) {
    var content = publish.content;
    var bytes =
        PublishBytes.of(publish.named ? content.topic : "", content.payload)
            .qos(content.qos, publish.packetId);
    if (publish.dup) {
      bytes.dup();
    }
    if (content.retain) {
      bytes.retain();
    }
    if (version == ProtocolVersion.V5) {
      if (content.expirySeconds >= 0) {
        bytes.expiry(content.expirySeconds);
      }
      if (publish.alias > 0) {
        bytes.alias(publish.alias);
      }
    }
    return bytes.toByteArray(version);
  }
}
