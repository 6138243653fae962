package org.parley.mqtt.codec;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Will;

/** Reads CONNECT, MQTT 5.0 section 3.1, and learns from it which version is spoken. */
final class ConnectReader {
  private static final byte[] MQTT = "\0\4MQTT".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MQISDP = "\0\6MQIsdp".getBytes(StandardCharsets.US_ASCII);
  private static final int BRIDGE_BIT = 0x80;

  private static final int RESERVED = 1;
  private static final int CLEAN_START = 1 << 1;
  private static final int WILL = 1 << 2;
  private static final int WILL_QOS_SHIFT = 3;
  private static final int WILL_QOS = 3 << WILL_QOS_SHIFT;
  private static final int WILL_RETAIN = 1 << 5;
  private static final int PASSWORD = 1 << 6;
  private static final int USER_NAME = 1 << 7;

  private final PacketReader reader;
  private Optional<ProtocolVersion> version = Optional.empty();

  ConnectReader(PacketReader reader) {
    this.reader = reader;
  }

  /** Returns the version that the client speaks, or else the one in which to refuse it. */
  Optional<ProtocolVersion> version() {
    return version;
  }

  /** Reads the body. */
  Connect read() {
    var spoken = readVersion();
    int flags = reader.octet();
    checkFlags(flags, spoken);
    int keepAlive = reader.twoByteInteger();
    var properties = spoken.hasProperties() ? readProperties() : Connect.Properties.NONE;
    var clientId = reader.text(); // [MQTT-3.1.3-3], [MQTT-3.1.3-4]
    Optional<Will> will =
        (flags & WILL) == 0 ? Optional.empty() : Optional.of(readWill(flags, spoken));
    Optional<String> userName =
        present(flags, USER_NAME, spoken) ? Optional.of(reader.text()) : Optional.empty();
    Optional<BinaryData> password =
        present(flags, PASSWORD, spoken) ? Optional.of(reader.binary()) : Optional.empty();
    boolean cleanStart = (flags & CLEAN_START) != 0;
    return new Connect(
        spoken, cleanStart, keepAlive, properties, clientId, will, userName, password);
  }

  /** Reads protocol name and level; what is returned counts only if nothing was wrong. */
  ProtocolVersion readVersion() {
    boolean mqtt = reader.skip(MQTT);
    if (!mqtt && !reader.skip(MQISDP)) {
      reader.fail(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, "unknown protocol name");
      return ProtocolVersion.V3_1_1;
    }
    int level = reader.octet();
    if (reader.failed()) {
      return ProtocolVersion.V3_1_1;
    }
    var spoken = mqtt ? ofMqtt(level) : ofMqisdp(level);
    version = Optional.of(spoken);
    return spoken;
  }

  private ProtocolVersion ofMqtt(int level) {
    if (level == ProtocolVersion.V5.level()) {
      return ProtocolVersion.V5;
    }
    if (level != ProtocolVersion.V3_1_1.level()) {
      unsupported(); // [MQTT-3.1.2-2]
    }
    boolean newer = level > ProtocolVersion.V5.level() && !isOfBridge(level);
    return newer ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1;
  }

  /** Some bridges set the top bit, and try again without it if they are refused. */
  private static boolean isOfBridge(int level) {
    return level == (BRIDGE_BIT | ProtocolVersion.V3_1.level())
        || level == (BRIDGE_BIT | ProtocolVersion.V3_1_1.level());
  }

  private ProtocolVersion ofMqisdp(int level) {
    if (level == ProtocolVersion.V3_1.level()) {
      return ProtocolVersion.V3_1;
    }
    unsupported();
    return ProtocolVersion.V3_1_1;
  }

  private void unsupported() {
    reader.fail(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, "unsupported protocol level");
  }

  /** MQTT 3.1 gives the reserved bit, the bits of a Will that is none, and a password no rules. */
  private void checkFlags(int flags, ProtocolVersion spoken) {
    boolean lenient = spoken == ProtocolVersion.V3_1;
    if ((flags & RESERVED) != 0 && !lenient) {
      reader.malformed("reserved connect flag"); // [MQTT-3.1.2-3]
    }
    if ((flags & WILL) == 0 && (flags & (WILL_QOS | WILL_RETAIN)) != 0 && !lenient) {
      reader.malformed("Will QoS or Will Retain without a Will"); // [MQTT-3.1.2-11], -13
    }
    if ((flags & WILL) != 0 && (flags & WILL_QOS) == WILL_QOS) {
      reader.malformed("Will QoS 3"); // [MQTT-3.1.2-12]
    }
    if (spoken == ProtocolVersion.V3_1_1 && (flags & (USER_NAME | PASSWORD)) == PASSWORD) {
      reader.malformed("password without user name"); // MQTT 3.1.1 [MQTT-3.1.2-22]
    }
  }

  private Connect.Properties readProperties() {
    var block = PropertyBlock.read(reader, PropertyPlace.CONNECT);
    if (block.authenticationData().isPresent() && block.authenticationMethod().isEmpty()) {
      reader.protocolError("Authentication Data without Authentication Method");
    }
    return new Connect.Properties(
        block.sessionExpiry(),
        block.receiveMaximum(),
        block.maximumPacketSize(),
        block.topicAliasMaximum(),
        block.requestResponseInformation(),
        block.requestProblemInformation(),
        block.authenticationMethod(),
        block.authenticationData(),
        block.userProperties());
  }

  private Will readWill(int flags, ProtocolVersion spoken) {
    var block =
        spoken.hasProperties()
            ? PropertyBlock.read(reader, PropertyPlace.WILL)
            : PropertyBlock.NONE;
    var topic = reader.topic(); // [MQTT-3.1.3-11]
    var payload = reader.binary();
    int qos = (flags & WILL_QOS) >> WILL_QOS_SHIFT;
    return new Will(
        topic,
        payload,
        qos > QoS.EXACTLY_ONCE.value() ? QoS.EXACTLY_ONCE : QoS.of(qos), // it was refused already
        (flags & WILL_RETAIN) != 0,
        block.willDelay(),
        block.messageProperties());
  }

  /** In MQTT 3.1 the length of the packet decides, not the flag. */
  private boolean present(int flags, int flag, ProtocolVersion spoken) {
    return (flags & flag) != 0 && (spoken != ProtocolVersion.V3_1 || reader.hasMore());
  }
}
