package org.parley.testing.mqtt;

import java.nio.charset.StandardCharsets;
import org.parley.mqtt.packet.ProtocolVersion;

/** A PUBLISH of a client, byte by byte. */
public final class PublishBytes {
  private final String topic;
  private final byte[] payload;
  private final Bytes properties = Bytes.empty();
  private int qos;
  private int packetId = 1;
  private boolean dup;
  private boolean retain;

  private PublishBytes(String topic, byte[] payload) {
    this.topic = topic;
    this.payload = payload;
  }

  public static PublishBytes of(String topic, String payload) {
    return new PublishBytes(topic, payload.getBytes(StandardCharsets.UTF_8));
  }

  public static PublishBytes of(String topic, byte[] payload) {
    return new PublishBytes(topic, payload);
  }

  public PublishBytes qos(int value, int packetId) {
    qos = value;
    this.packetId = packetId;
    return this;
  }

  public PublishBytes dup() {
    dup = true;
    return this;
  }

  public PublishBytes retain() {
    retain = true;
    return this;
  }

  public PublishBytes expiry(long seconds) {
    properties.u8(0x02).u32(seconds);
    return this;
  }

  public PublishBytes alias(int alias) {
    properties.u8(0x23).u16(alias);
    return this;
  }

  /** Any properties, as raw entries. */
  public PublishBytes properties(Bytes entries) {
    properties.raw(entries.toByteArray());
    return this;
  }

  public byte[] toByteArray(ProtocolVersion version) {
    var body = Bytes.empty().string(topic);
    if (qos > 0) {
      body.u16(packetId);
    }
    if (version == ProtocolVersion.V5) {
      body.block(properties);
    }
    int first = 0x30 | (dup ? 0x08 : 0) | qos << 1 | (retain ? 0x01 : 0);
    return Bytes.packet(first, body.raw(payload));
  }
}
