package org.parley.testing.mqtt;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.Auth;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Disconnect;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.Pingresp;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Suback;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.packet.Unsuback;

/**
 * Reads what a server sends as the strictest of clients: whatever the standard does not allow it is
 * an {@link AssertionError}. Written from the tables of the standard and without the broker's own
 * codec, so that it may judge that.
 */
public final class ServerPacketReader {
  /** The reason codes of each packet, as the tables of sections 3.2 to 3.15 have them. */
  private static final Map<String, Set<Integer>> CODES =
      Map.of(
          "CONNACK",
          codes("00 80 81 82 83 84 85 86 87 88 89 8A 8C 90 95 97 99 9A 9B 9C 9D 9F"),
          "CONNACK before 5.0",
          codes("00 01 02 03 04 05"),
          "PUBLISH answer",
          codes("00 10 80 83 87 90 91 97 99"),
          "PUBREL answer",
          codes("00 92"),
          "SUBACK",
          codes("00 01 02 80 83 87 8F 91 97 9E A1 A2"),
          "SUBACK before 5.0",
          codes("00 01 02 80"),
          "UNSUBACK",
          codes("00 11 80 83 87 8F 91"),
          "DISCONNECT",
          codes(
              "00 80 81 82 83 87 89 8B 8D 8E 8F 90 93 94 95 96 97 98 99 9A 9B 9C 9D 9E 9F A0 A1"
                  + " A2"),
          "AUTH",
          codes("00 18"));

  private final ByteBuffer body;
  private final ProtocolVersion version;

  private ServerPacketReader(ByteBuffer body, ProtocolVersion version) {
    this.body = body;
    this.version = version;
  }

  private static Set<Integer> codes(String hex) {
    return Stream.of(hex.split(" "))
        .map(code -> Integer.valueOf(code, 16))
        .collect(Collectors.toSet());
  }

  /**
   * Takes the bytes of the next packet; its length has its shortest form.
   *
   * @throws EOFException if the connection is closed before they are all there
   */
  public static byte[] bytes(InputStream in) throws IOException {
    var packet = new ByteArrayOutputStream();
    int length = 0;
    packet.write(octet(in));
    for (int shift = 0; ; shift += 7) {
      require(shift < 28, "a Remaining Length of four bytes at most");
      int next = octet(in);
      packet.write(next);
      length |= (next & 0x7F) << shift;
      if (next < 0x80) {
        require(shift == 0 || next != 0, "a Remaining Length in its shortest form");
        break;
      }
    }
    var body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("cut within a packet");
    }
    packet.write(body);
    return packet.toByteArray();
  }

  private static int octet(InputStream in) throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new EOFException("the connection was closed");
    }
    return next;
  }

  /** Reads one packet; there is nothing before it and nothing behind it. */
  public static Packet read(byte[] packet, ProtocolVersion version) {
    var bytes = ByteBuffer.wrap(packet);
    require(bytes.remaining() >= 2, "a whole fixed header");
    int first = bytes.get() & 0xFF;
    int length = ServerProperties.variableByteInteger(bytes);
    require(length == bytes.remaining(), "Remaining Length tells what remains");
    var reader = new ServerPacketReader(bytes.slice(), version);
    var read = reader.read(first >> 4, first & 0x0F);
    require(!reader.body.hasRemaining(), "nothing behind the last field");
    return read;
  }

  static void require(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError("a server's packet must have: " + what);
    }
  }

  private Packet read(int type, int flags) {
    if (type == 3) {
      return readPublish(flags);
    }
    require(flags == (type == 6 ? 2 : 0), "the flags of its type");
    return switch (type) {
      case 2 -> readConnack();
      case 4 -> readAcknowledgement("PUBLISH answer", ReasonCode.Place.PUBACK);
      case 5 -> readAcknowledgement("PUBLISH answer", ReasonCode.Place.PUBREC);
      case 6 -> readAcknowledgement("PUBREL answer", ReasonCode.Place.PUBREL);
      case 7 -> readAcknowledgement("PUBREL answer", ReasonCode.Place.PUBCOMP);
      case 9 -> readSuback();
      case 11 -> readUnsuback();
      case 13 -> Pingresp.INSTANCE;
      case 14 -> readDisconnect();
      case 15 -> readAuth();
      default -> throw new AssertionError("a server does not send type " + type);
    };
  }

  private boolean isFive() {
    return version == ProtocolVersion.V5;
  }

  private int octet() {
    require(body.hasRemaining(), "all its fields");
    return body.get() & 0xFF;
  }

  private int packetId() {
    require(body.remaining() >= 2, "all its fields");
    int id = body.getShort() & 0xFFFF;
    require(id != 0, "a Packet Identifier that is not 0");
    return id;
  }

  private static boolean isIn(String table, int code) {
    return CODES.getOrDefault(table, Set.of()).contains(code);
  }

  private ReasonCode reason(String table, ReasonCode.Place place) {
    return reason(octet(), table, place);
  }

  private static ReasonCode reason(int value, String table, ReasonCode.Place place) {
    require(isIn(table, value), "a code of its table: " + value);
    var code = ReasonCode.of(value, place);
    if (code == null) {
      throw new AssertionError("the broker's own table lacks " + value + " in " + place);
    }
    return code;
  }

  private ServerProperties properties(String allowed) {
    return isFive() ? ServerProperties.read(body, allowed) : ServerProperties.NONE;
  }

  private Connack readConnack() {
    int flags = octet();
    require(flags <= (version == ProtocolVersion.V3_1 ? 0 : 1), "no reserved acknowledge flags");
    if (!isFive()) {
      int code = octet();
      require(isIn("CONNACK before 5.0", code), "a return code");
      require(code == 0 || flags == 0, "Session Present 0 in a refusal");
      return new Connack(flags == 1, ofReturnCode(code), Connack.Properties.NONE);
    }
    var reason = reason("CONNACK", ReasonCode.Place.CONNACK);
    require(reason == ReasonCode.SUCCESS || flags == 0, "Session Present 0 in a refusal");
    return new Connack(
        flags == 1,
        reason,
        properties("11 12 13 15 16 1A 1C 1F 21 22 24 25 26 27 28 29 2A").ofConnack());
  }

  private static ReasonCode ofReturnCode(int code) {
    return switch (code) {
      case 0 -> ReasonCode.SUCCESS;
      case 1 -> ReasonCode.UNSUPPORTED_PROTOCOL_VERSION;
      case 2 -> ReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
      case 3 -> ReasonCode.SERVER_UNAVAILABLE;
      case 4 -> ReasonCode.BAD_USER_NAME_OR_PASSWORD;
      default -> ReasonCode.NOT_AUTHORIZED;
    };
  }

  private Publish readPublish(int flags) {
    int qos = (flags >> 1) & 3;
    require(qos < 3, "a QoS of 0 to 2");
    require(qos > 0 || (flags & 8) == 0, "DUP 0 with QoS 0");
    var encoded = ServerProperties.binary(body);
    var topic = topic(encoded);
    int packetId = qos == 0 ? 0 : packetId();
    var properties = properties("01 02 03 08 09 0B* 23 26");
    int alias = (int) properties.number(0x23).orElse(0);
    require(!topic.isEmpty() || alias != 0, "a Topic Name or an alias");
    var ids = properties.all(0x0B).stream().map(id -> ((Long) id).intValue()).toList();
    return new Publish(
        (flags & 8) != 0,
        QoS.of(qos),
        (flags & 1) != 0,
        topic,
        packetId,
        alias,
        ids,
        properties.ofMessage(),
        BinaryData.read(body, body.remaining()));
  }

  private static TopicName topic(byte[] encoded) {
    var topic = TopicName.of(text(encoded));
    require(topic.text().matches("[^+#]*"), "a Topic Name without wildcards");
    return topic;
  }

  /** Returns the text of well-formed UTF-8 without U+0000. */
  static String text(byte[] encoded) {
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(encoded)).toString();
      require(text.indexOf(0) < 0, "no U+0000 in text");
      return text;
    } catch (CharacterCodingException e) {
      throw new AssertionError("a server's packet must have well-formed text", e);
    }
  }

  private Packet readAcknowledgement(String table, ReasonCode.Place place) {
    int packetId = packetId();
    var reason = ReasonCode.SUCCESS;
    var problem = ServerProperties.NONE.ofProblem();
    if (isFive() && body.hasRemaining()) {
      reason = reason(table, place);
      if (body.hasRemaining()) {
        problem = properties("1F 26").ofProblem();
      }
    }
    return switch (place) {
      case PUBACK -> new Puback(packetId, reason, problem);
      case PUBREC -> new Pubrec(packetId, reason, problem);
      case PUBREL -> new Pubrel(packetId, reason, problem);
      default -> new Pubcomp(packetId, reason, problem);
    };
  }

  private Suback readSuback() {
    int packetId = packetId();
    var problem = properties("1F 26").ofProblem();
    var table = isFive() ? "SUBACK" : "SUBACK before 5.0";
    var reasons = reasons(table, ReasonCode.Place.SUBACK);
    require(!reasons.isEmpty(), "a code for each filter");
    return new Suback(packetId, reasons, problem);
  }

  private Unsuback readUnsuback() {
    int packetId = packetId();
    var problem = properties("1F 26").ofProblem();
    var reasons = isFive() ? reasons("UNSUBACK", ReasonCode.Place.UNSUBACK) : List.<ReasonCode>of();
    require(!isFive() || !reasons.isEmpty(), "a code for each filter");
    return new Unsuback(packetId, reasons, problem);
  }

  private List<ReasonCode> reasons(String table, ReasonCode.Place place) {
    var reasons = new ArrayList<ReasonCode>();
    while (body.hasRemaining()) {
      reasons.add(reason(table, place));
    }
    return reasons;
  }

  private Disconnect readDisconnect() {
    require(isFive(), "no DISCONNECT before 5.0");
    if (!body.hasRemaining()) {
      return Disconnect.of(ReasonCode.SUCCESS);
    }
    var reason = reason("DISCONNECT", ReasonCode.Place.DISCONNECT_OF_SERVER);
    if (!body.hasRemaining()) {
      return Disconnect.of(reason);
    }
    var properties = properties("1C 1F 26"); // no Session Expiry Interval [MQTT-3.14.2-2]
    return new Disconnect(
        reason, properties.number(0x11), properties.ofProblem(), properties.text(0x1C));
  }

  private Auth readAuth() {
    require(isFive(), "no AUTH before 5.0");
    var reason = reason("AUTH", ReasonCode.Place.AUTH_OF_SERVER);
    var properties = properties("15 16 1F 26");
    Optional<String> method = properties.text(0x15);
    require(method.isPresent(), "a method in AUTH");
    return new Auth(reason, method.orElseThrow(), properties.data(0x16), properties.ofProblem());
  }
}
