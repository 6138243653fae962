package org.parley.testing.mqtt;

import org.parley.mqtt.packet.ProtocolVersion;

/** A SUBSCRIBE of a client, byte by byte. */
public final class SubscribeBytes {
  private final Bytes properties = Bytes.empty();
  private final Bytes entries = Bytes.empty();

  private SubscribeBytes() {}

  /** One without any filter, which is not allowed, until {@link #and} adds one. */
  public static SubscribeBytes empty() {
    return new SubscribeBytes();
  }

  /** One filter with the whole byte of its options. */
  public static SubscribeBytes of(String filter, int options) {
    return empty().and(filter, options);
  }

  public SubscribeBytes and(String filter, int options) {
    entries.string(filter).u8(options);
    return this;
  }

  public SubscribeBytes id(int subscriptionId) {
    properties.u8(0x0B).varInt(subscriptionId);
    return this;
  }

  /** Any properties, as raw entries. */
  public SubscribeBytes properties(Bytes more) {
    properties.raw(more.toByteArray());
    return this;
  }

  /** Any entries, as raw bytes. */
  public SubscribeBytes raw(Bytes more) {
    entries.raw(more.toByteArray());
    return this;
  }

  public byte[] toByteArray(int packetId, ProtocolVersion version) {
    var body = Bytes.empty().u16(packetId);
    if (version == ProtocolVersion.V5) {
      body.block(properties);
    }
    return Bytes.packet(0x82, body.raw(entries.toByteArray()));
  }
}
