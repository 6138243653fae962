package org.parley.mqtt.broker;

import java.util.Arrays;
import org.parley.mqtt.codec.PacketEncoder;
import org.parley.mqtt.codec.RandomPackets;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ChosenBytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.SubscribeBytes;
import org.parley.testing.mqtt.TestAccess;

/**
 * Packets of clients, chosen by bytes: of so few identifiers, topics and filters that the clients
 * meet. Each begins with a byte of flags; with both of its highest bits set the packet may break
 * the rules. A choice of 0 is the usual one.
 */
final class ScriptPackets {
  static final String[] CLIENTS = {"a", "b", "", "c"};
  static final String[] TOPICS = {"t", "t/u", "u", "/", "t/u/v", "t/"};
  static final String[] FILTERS = {
    "t", "#", "t/+", "+/u", "t/#", "$share/g/t", "$share/g/#", "$share/h/t/u", "$SYS/#", "+"
  };

  private static final String[] ODD_CLIENTS = {"x".repeat(200), "\u0001"};
  private static final String[] ODD_TOPICS = {"$x", "t/+", "", "#"};
  private static final String[] ODD_FILTERS = {"$share//t", "t#", "", "$share/g", "+t/u"};
  private static final String[] PAYLOADS = {
    "m", "n", "", "p".repeat(300), "q".repeat(5_000), "r".repeat(70_000)
  };
  private static final byte[] NO_TEXT = {(byte) 0xC3};
  private static final long NO_END = 0xFFFFFFFFL;
  private static final int LEGAL_OPTIONS = 0b0010_1111;

  private final ChosenBytes chosen;

  ScriptPackets(ChosenBytes chosen) {
    this.chosen = chosen;
  }

  private static boolean has(int flags, int bit) {
    return (flags >> bit & 1) != 0;
  }

  private static boolean isOdd(int flags) {
    return has(flags, 6) && has(flags, 7);
  }

  private String text(boolean odd, String[] usual, String[] others) {
    int choice = chosen.octet();
    return odd && choice < 0x80 ? others[choice % others.length] : usual[choice % usual.length];
  }

  private String topic(boolean odd) {
    return text(odd, TOPICS, ODD_TOPICS);
  }

  private String filter(boolean odd) {
    return text(odd, FILTERS, ODD_FILTERS);
  }

  /** Returns a time in seconds; the values at which something else happens. */
  private long seconds() {
    return switch (chosen.octet() % 4) {
      case 0 -> 60;
      case 1 -> 0;
      case 2 -> 1;
      default -> NO_END;
    };
  }

  private int packetId(boolean odd) {
    return odd ? chosen.octet() << 8 | chosen.octet() : chosen.octet() % 8 + 1;
  }

  byte[] connect() {
    int flags = chosen.octet();
    boolean odd = isOdd(flags);
    var versions = ProtocolVersion.values();
    var version = versions[versions.length - 1 - (flags & 3) % versions.length];
    var connect = ConnectBytes.of(version, text(odd, CLIENTS, ODD_CLIENTS));
    connect.cleanStart(!has(flags, 2));
    if (has(flags, 3)) {
      connect.keepAlive(chosen.pick(60, 1, 0xFFFF));
    }
    if (has(flags, 4)) {
      will(connect, odd);
    }
    if (has(flags, 5)) {
      connect.userName("u").password("p");
    }
    if (odd) {
      connect.flippedFlags(chosen.octet()).trailing(Bytes.empty().raw(chosen.next(1)));
    }
    if (version == ProtocolVersion.V5) {
      properties(connect);
    }
    return connect.toByteArray();
  }

  private void will(ConnectBytes connect, boolean odd) {
    int flags = chosen.octet();
    int qos = odd ? flags & 3 : (flags & 3) % 3;
    connect.will(topic(odd), chosen.pick(PAYLOADS), qos, has(flags, 2));
    if (has(flags, 3)) {
      connect.willDelay(seconds());
    }
    if (has(flags, 4)) {
      connect.willProperties(Bytes.empty().u8(0x02).u32(seconds()));
    }
  }

  private void properties(ConnectBytes connect) {
    int flags = chosen.octet();
    if (has(flags, 0)) {
      connect.expiry(seconds());
    }
    if (has(flags, 1)) {
      connect.receiveMaximum(chosen.pick(1, 2, 3, 4, 0xFFFF, 1, 2, 0));
    }
    if (has(flags, 2)) {
      connect.maximumPacketSize(chosen.pick(50, 100, 500, 6_000, 30, 5, 4, 1));
    }
    if (has(flags, 3)) {
      connect.topicAliasMaximum(chosen.pick(1, 2, 0xFFFF));
    }
    if (has(flags, 4)) {
      connect.properties(Bytes.empty().u8(0x17).u8(0));
    }
    if (has(flags, 5)) {
      connect.properties(Bytes.empty().u8(0x19).u8(1));
    }
    if (has(flags, 6)) {
      var method = chosen.pick(TestAccess.METHOD, TestAccess.METHOD, TestAccess.METHOD, "other");
      connect.authentication(method, TestAccess.PROOF);
    }
    if (has(flags, 7)) {
      connect.properties(Bytes.empty().u8(0x26).string("k").string("v"));
    }
  }

  byte[] publish(ProtocolVersion version) {
    int flags = chosen.octet();
    boolean odd = isOdd(flags);
    int qos = odd ? flags & 3 : (flags & 3) % 3;
    var topic = topic(odd);
    var payload = chosen.pick(PAYLOADS);
    var publish =
        odd && payload.isEmpty()
            ? PublishBytes.of(topic, NO_TEXT)
            : PublishBytes.of(topic, payload);
    if (qos > 0) {
      publish.qos(qos, packetId(odd));
    }
    if (has(flags, 2)) {
      publish.retain();
    }
    if (has(flags, 3) && (odd || qos > 0)) {
      publish.dup();
    }
    if (has(flags, 4)) {
      publish.properties(messageProperties(odd));
    }
    if (has(flags, 5)) {
      publish.expiry(seconds());
    }
    return publish.toByteArray(version);
  }

  /** A PUBLISH with 5.0 that uses an alias, for a topic or in its place. */
  byte[] aliased() {
    int flags = chosen.octet();
    int qos = (flags & 3) % 3;
    var publish = PublishBytes.of(has(flags, 2) ? "" : topic(false), "aliased");
    if (qos > 0) {
      publish.qos(qos, packetId(false));
    }
    return publish
        .alias(isOdd(flags) ? chosen.octet() : flags % 2 + 1)
        .toByteArray(ProtocolVersion.V5);
  }

  private Bytes messageProperties(boolean odd) {
    if (odd) {
      return chosen.nextBoolean()
          ? Bytes.empty().u8(0x08).string("#")
          : Bytes.empty().u8(0x0B).varInt(1);
    }
    return switch (chosen.octet() % 4) {
      case 0 -> Bytes.empty().u8(0x01).u8(1);
      case 1 -> Bytes.empty().u8(0x08).string("answer").u8(0x09).string("1");
      case 2 -> Bytes.empty().u8(0x26).string("k").string("v").u8(0x26).string("k").string("w");
      default -> Bytes.empty().u8(0x03).string("text/plain");
    };
  }

  byte[] subscribe(ProtocolVersion version) {
    int flags = chosen.octet();
    boolean odd = isOdd(flags);
    int packetId = packetId(odd);
    var subscribe = SubscribeBytes.empty();
    if (has(flags, 0)) {
      subscribe.id(odd ? chosen.octet() : chosen.pick(1, 2));
    }
    for (int i = flags >> 1 & 3; i >= 0; i--) {
      var filter = filter(odd);
      int options = chosen.octet();
      subscribe.and(filter, odd ? options : legal(options, filter, version));
    }
    return subscribe.toByteArray(packetId, version);
  }

  /** QoS, and with 5.0 No Local, Retain As Published and Retain Handling. */
  private static int legal(int options, String filter, ProtocolVersion version) {
    int qos = (options & 3) % 3;
    if (version != ProtocolVersion.V5) {
      return qos;
    }
    int others = options & LEGAL_OPTIONS & (filter.startsWith("$share") ? ~0b111 : ~0b11);
    return qos | others;
  }

  byte[] unsubscribe(ProtocolVersion version) {
    int flags = chosen.octet();
    var body = Bytes.empty().u16(packetId(isOdd(flags)));
    if (version == ProtocolVersion.V5) {
      body.varInt(0);
    }
    for (int i = flags & 3; i >= 0; i--) {
      body.string(filter(isOdd(flags)));
    }
    return Bytes.packet(0xA2, body);
  }

  /** An acknowledgement of what came last, or of anything. */
  byte[] acknowledgement(ProtocolVersion version, int lastPacketId) {
    int flags = chosen.octet();
    int firstByte = new int[] {0x40, 0x50, 0x62, 0x70}[flags & 3];
    int packetId = has(flags, 2) ? packetId(isOdd(flags)) : Math.max(1, lastPacketId);
    var body = Bytes.empty().u16(packetId);
    if (has(flags, 3) && version == ProtocolVersion.V5) {
      body.u8(isOdd(flags) ? chosen.octet() : firstByte < 0x60 ? 0x80 : 0x92);
    }
    return Bytes.packet(firstByte, body);
  }

  byte[] disconnect(ProtocolVersion version) {
    int flags = chosen.octet();
    var body = Bytes.empty();
    if (version == ProtocolVersion.V5 && flags != 0) {
      body.u8(isOdd(flags) ? chosen.octet() : has(flags, 1) ? 0x04 : 0x00);
      if (has(flags, 0)) {
        body.block(Bytes.empty().u8(0x11).u32(seconds()));
      }
    }
    return Bytes.packet(0xE0, body);
  }

  byte[] auth() {
    int flags = chosen.octet();
    var body =
        Bytes.empty()
            .u8(isOdd(flags) ? chosen.octet() : has(flags, 0) ? 0x19 : 0x18)
            .block(
                Bytes.empty()
                    .u8(0x15)
                    .string(isOdd(flags) ? "other" : TestAccess.METHOD)
                    .u8(0x16)
                    .string(has(flags, 1) ? "a guess" : TestAccess.PROOF));
    return Bytes.packet(0xF0, body);
  }

  /** Any legal packet, with all that may be in it. */
  byte[] legal(ProtocolVersion version) {
    var encoder = new PacketEncoder();
    var packet = new RandomPackets(chosen, version).ofClient();
    var _ = encoder.encode(packet, version, Long.MAX_VALUE, true);
    var bytes = new byte[encoder.size()];
    encoder.written().get(bytes);
    return bytes;
  }

  /** The same packet with one of its bytes another. */
  byte[] spoiled(byte[] packet) {
    var spoiled = Arrays.copyOf(packet, packet.length);
    if (packet.length > 0) {
      spoiled[chosen.octet() % packet.length] ^= (byte) chosen.octet();
    }
    return spoiled;
  }
}
