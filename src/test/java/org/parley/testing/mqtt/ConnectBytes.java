package org.parley.testing.mqtt;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.ProtocolVersion;

/** A CONNECT, byte by byte: everything as it should be until a test says otherwise. */
public final class ConnectBytes {
  private final ProtocolVersion version;
  private final String clientId;
  private final Bytes properties = Bytes.empty();
  private final Bytes willProperties = Bytes.empty();
  private boolean cleanStart = true;
  private int keepAlive;
  private @Nullable String willTopic;
  private byte[] willPayload = {};
  private int willQos;
  private boolean willRetain;
  private @Nullable String userName;
  private byte @Nullable [] password;
  private int flippedFlags;
  private final Bytes trailing = Bytes.empty();

  private ConnectBytes(ProtocolVersion version, String clientId) {
    this.version = version;
    this.clientId = clientId;
  }

  public static ConnectBytes v5(String clientId) {
    return new ConnectBytes(ProtocolVersion.V5, clientId);
  }

  public static ConnectBytes v311(String clientId) {
    return new ConnectBytes(ProtocolVersion.V3_1_1, clientId);
  }

  public static ConnectBytes v31(String clientId) {
    return new ConnectBytes(ProtocolVersion.V3_1, clientId);
  }

  public static ConnectBytes of(ProtocolVersion version, String clientId) {
    return new ConnectBytes(version, clientId);
  }

  public ProtocolVersion version() {
    return version;
  }

  public ConnectBytes cleanStart(boolean clean) {
    cleanStart = clean;
    return this;
  }

  /** A session that is kept: Clean Start 0, and with 5.0 this Session Expiry Interval. */
  public ConnectBytes resume(long expirySeconds) {
    cleanStart = false;
    return version == ProtocolVersion.V5 ? expiry(expirySeconds) : this;
  }

  public ConnectBytes expiry(long seconds) {
    properties.u8(0x11).u32(seconds);
    return this;
  }

  public ConnectBytes keepAlive(int seconds) {
    keepAlive = seconds;
    return this;
  }

  public ConnectBytes receiveMaximum(int messages) {
    properties.u8(0x21).u16(messages);
    return this;
  }

  public ConnectBytes maximumPacketSize(long bytes) {
    properties.u8(0x27).u32(bytes);
    return this;
  }

  public ConnectBytes topicAliasMaximum(int aliases) {
    properties.u8(0x22).u16(aliases);
    return this;
  }

  /** Any properties, as raw entries. */
  public ConnectBytes properties(Bytes entries) {
    properties.raw(entries.toByteArray());
    return this;
  }

  public ConnectBytes authentication(String method, String data) {
    properties.u8(0x15).string(method).u8(0x16).string(data);
    return this;
  }

  public ConnectBytes will(String topic, String payload, int qos, boolean retain) {
    willTopic = topic;
    willPayload = payload.getBytes(StandardCharsets.UTF_8);
    willQos = qos;
    willRetain = retain;
    return this;
  }

  public ConnectBytes willDelay(long seconds) {
    willProperties.u8(0x18).u32(seconds);
    return this;
  }

  /** Any will properties, as raw entries. */
  public ConnectBytes willProperties(Bytes entries) {
    willProperties.raw(entries.toByteArray());
    return this;
  }

  public ConnectBytes userName(String name) {
    userName = name;
    return this;
  }

  public ConnectBytes password(String text) {
    password = text.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  /** Says the contrary in these bits of the Connect Flags; the fields stay as they are. */
  public ConnectBytes flippedFlags(int bits) {
    flippedFlags = bits;
    return this;
  }

  /** Puts fields behind the last one. */
  public ConnectBytes trailing(Bytes fields) {
    trailing.raw(fields.toByteArray());
    return this;
  }

  public byte[] toByteArray() {
    boolean v5 = version == ProtocolVersion.V5;
    var body =
        Bytes.empty()
            .string(version == ProtocolVersion.V3_1 ? "MQIsdp" : "MQTT")
            .u8(version.level())
            .u8(flags() ^ flippedFlags)
            .u16(keepAlive);
    if (v5) {
      body.block(properties);
    }
    body.string(clientId);
    var topic = willTopic;
    if (topic != null) {
      if (v5) {
        body.block(willProperties);
      }
      body.string(topic).binary(willPayload);
    }
    if (userName != null) {
      body.string(userName);
    }
    if (password != null) {
      body.binary(password);
    }
    return Bytes.packet(0x10, body.raw(trailing.toByteArray()));
  }

  private int flags() {
    return (cleanStart ? 0x02 : 0)
        | (willTopic == null ? 0 : 0x04 | willQos << 3 | (willRetain ? 0x20 : 0))
        | (password == null ? 0 : 0x40)
        | (userName == null ? 0 : 0x80);
  }
}
