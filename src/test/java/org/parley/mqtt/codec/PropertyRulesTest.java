package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.parley.mqtt.codec.Decoding.V5;
import static org.parley.mqtt.codec.Decoding.assertRejected;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;

/** MQTT 5.0 section 2.2.2 and table 2-4: each property in each packet of a client. */
class PropertyRulesTest {
  private static final int USER_PROPERTY = 0x26;
  private static final int SUBSCRIPTION_IDENTIFIER = 0x0B;

  /** Where a client may put properties, and how to make such a packet of 5.0. */
  enum Where {
    CONNECT("11 15 17 19 21 22 26 27", Decoding::connect),
    WILL(
        "01 02 03 08 09 18 26",
        properties ->
            Bytes.packet(
                0x10,
                Decoding.connectHeader(5, 6)
                    .u8(0)
                    .string("c")
                    .block(properties)
                    .string("w")
                    .binary())),
    PUBLISH(
        "01 02 03 08 09 23 26",
        properties -> Bytes.packet(0x30, Bytes.empty().string("t").block(properties))),
    PUBACK("1F 26", properties -> acknowledgement(0x40, properties)),
    PUBREC("1F 26", properties -> acknowledgement(0x50, properties)),
    PUBREL("1F 26", properties -> acknowledgement(0x62, properties)),
    PUBCOMP("1F 26", properties -> acknowledgement(0x70, properties)),
    SUBSCRIBE(
        "0B 26",
        properties -> Bytes.packet(0x82, Bytes.empty().u16(1).block(properties).string("f").u8(0))),
    UNSUBSCRIBE(
        "26", properties -> Bytes.packet(0xA2, Bytes.empty().u16(1).block(properties).string("f"))),
    DISCONNECT("11 1F 26", properties -> Bytes.packet(0xE0, Bytes.empty().u8(0).block(properties))),
    AUTH("15 16 1F 26", properties -> Bytes.packet(0xF0, Bytes.empty().u8(0x18).block(properties)));

    private final String allowed;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final PacketOf packet;

    Where(String allowed, PacketOf packet) {
      this.allowed = allowed;
      this.packet = packet;
    }

    byte[] with(Bytes properties) {
      return packet.with(properties);
    }

    boolean allows(int identifier) {
      return allowed.contains("%02X".formatted(identifier));
    }

    private static byte[] acknowledgement(int first, Bytes properties) {
      return Bytes.packet(first, Bytes.empty().u16(1).u8(0).block(properties));
    }

    /** Makes a packet with a property block. */
    @FunctionalInterface
    interface PacketOf {
      byte[] with(Bytes properties);
    }
  }

  /** A good value of each property of the standard. */
  private static final Map<Integer, UnaryOperator<Bytes>> GOOD = good();

  private static Map<Integer, UnaryOperator<Bytes>> good() {
    var good = new TreeMap<Integer, UnaryOperator<Bytes>>();
    IntStream.of(0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A)
        .forEach(id -> good.put(id, bytes -> bytes.u8(1)));
    IntStream.of(0x13, 0x21, 0x22, 0x23).forEach(id -> good.put(id, bytes -> bytes.u16(65535)));
    IntStream.of(0x02, 0x11, 0x18, 0x27)
        .forEach(id -> good.put(id, bytes -> bytes.u32(0xFFFFFFFFL)));
    IntStream.of(0x03, 0x08, 0x12, 0x15, 0x1A, 0x1C, 0x1F)
        .forEach(id -> good.put(id, bytes -> bytes.string("täxt")));
    IntStream.of(0x09, 0x16)
        .forEach(id -> good.put(id, bytes -> bytes.binary((byte) 0, (byte) -1)));
    good.put(SUBSCRIPTION_IDENTIFIER, bytes -> bytes.varInt(268_435_455));
    good.put(USER_PROPERTY, bytes -> bytes.string("näme").string(""));
    return good;
  }

  private static Bytes property(int identifier) {
    return GOOD.getOrDefault(identifier, bytes -> bytes).apply(Bytes.empty().u8(identifier));
  }

  /** What a packet must have beside the property that is looked at. */
  private static Bytes compulsory(Where where, int identifier) {
    return where == Where.AUTH && identifier != 0x15 ? property(0x15) : Bytes.empty();
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void givenEachProperty_whenItMayStandThere_thenTakenElseMalformed(Where where) {
    for (int identifier = 0; identifier < 256; identifier++) {
      var properties = compulsory(where, identifier).raw(property(identifier).toByteArray());

      var decoded = Decoding.decode(V5, where.with(properties));

      if (where.allows(identifier)) {
        assertThat(decoded).as("%02X", identifier).isInstanceOf(Decoded.Complete.class);
      } else {
        assertThat(decoded).as("%02X", identifier).isInstanceOf(Decoded.Rejected.class);
        boolean ofClient = where == Where.PUBLISH && identifier == SUBSCRIPTION_IDENTIFIER;
        assertThat(((Decoded.Rejected) decoded).reason())
            .as("%02X", identifier)
            .isEqualTo(
                // Authentication Data alone is a Protocol Error, see below
                ofClient || (where == Where.CONNECT && identifier == 0x16)
                    ? ReasonCode.PROTOCOL_ERROR
                    : ReasonCode.MALFORMED_PACKET);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void givenPropertyTwice_whenDecoded_thenProtocolErrorButForUserProperties(Where where) {
    GOOD.keySet().stream()
        .filter(where::allows)
        .forEach(
            identifier -> {
              var once = property(identifier).toByteArray();
              var packet = where.with(compulsory(where, identifier).raw(once).raw(once));

              if (identifier == USER_PROPERTY) {
                assertThat(Decoding.decode(V5, packet)).isInstanceOf(Decoded.Complete.class);
              } else {
                assertRejected(V5, packet, ReasonCode.PROTOCOL_ERROR);
              }
            });
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void givenBlockCutAtAnyByte_whenItsLengthSaysSo_thenMalformed(Where where) {
    GOOD.keySet().stream()
        .filter(where::allows)
        .forEach(
            identifier -> {
              var whole = property(identifier).toByteArray();
              for (int cut = 1; cut < whole.length; cut++) {
                var properties = compulsory(where, identifier).raw(Arrays.copyOf(whole, cut));

                assertRejected(V5, where.with(properties), ReasonCode.MALFORMED_PACKET);
              }
            });
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void givenIdentifierOfTwoBytes_whenDecoded_thenMalformed(Where where) {
    assertRejected(
        V5, where.with(Bytes.empty().raw("A6 00 00 00 00 00")), ReasonCode.MALFORMED_PACKET);
  }

  static Stream<Arguments> illegalValues() {
    return Stream.of(
        illegal(Where.CONNECT, "17 02"),
        illegal(Where.CONNECT, "17 FF"),
        illegal(Where.CONNECT, "19 02"),
        illegal(Where.CONNECT, "21 00 00"),
        illegal(Where.CONNECT, "27 00 00 00 00"),
        illegal(Where.CONNECT, "16 00 01 41"),
        illegal(Where.WILL, "01 02"),
        illegal(Where.WILL, "08 00 00"),
        illegal(Where.WILL, "08 00 03 61 2F 23"),
        illegal(Where.WILL, "08 00 03 2B 2F 61"),
        illegal(Where.PUBLISH, "01 02"),
        illegal(Where.PUBLISH, "01 80"),
        illegal(Where.PUBLISH, "08 00 00"),
        illegal(Where.PUBLISH, "08 00 01 23"),
        illegal(Where.PUBLISH, "08 00 01 2B"),
        illegal(Where.PUBLISH, "0B 01"),
        illegal(Where.SUBSCRIBE, "0B 00"),
        illegal(Where.AUTH, ""),
        illegal(Where.AUTH, "16 00 01 41"));
  }

  private static Arguments illegal(Where where, String hex) {
    return argumentSet(where + " " + hex, where, hex);
  }

  @ParameterizedTest
  @MethodSource("illegalValues")
  @Tag("MQTT-3.3.2-14")
  @Tag("MQTT-3.3.4-6")
  void givenIllegalValue_whenDecoded_thenProtocolError(Where where, String hex) {
    assertRejected(V5, where.with(Bytes.empty().raw(hex)), ReasonCode.PROTOCOL_ERROR);
  }

  @Test
  @Tag("MQTT-3.3.2-8")
  void givenTopicAlias0_whenDecoded_thenAliasInvalid() {
    var packet = Where.PUBLISH.with(Bytes.empty().raw("23 00 00"));

    assertRejected(V5, packet, ReasonCode.TOPIC_ALIAS_INVALID);
  }

  @Test
  void givenZeros_whenTheyAreLegal_thenTaken() {
    assertThat(Decoding.packet(V5, Decoding.connect(Bytes.empty().raw("11 00 00 00 00 22 00 00"))))
        .isNotNull();
    assertThat(Decoding.packet(V5, Where.PUBLISH.with(Bytes.empty().raw("02 00 00 00 00 01 00"))))
        .isNotNull();
    assertThat(Decoding.packet(V5, Where.WILL.with(Bytes.empty().raw("18 00 00 00 00"))))
        .isNotNull();
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  @Tag("MQTT-1.5.5-1")
  void givenPropertyLengthThatIsNotMinimal_whenDecoded_thenMalformed(Where where) {
    var property = compulsory(where, 0).raw(property(USER_PROPERTY).toByteArray()).toByteArray();
    var good = where.with(Bytes.empty().raw(property));
    var text = HexFormat.of().formatHex(good);
    var block = HexFormat.of().formatHex(property);
    int at = text.indexOf("%02x".formatted(property.length) + block) / 2;
    for (var padded : new String[] {"%02X 00", "%02X 80 00", "%02X 80 80 00", "%02X 80 80 80 00"}) {
      var body =
          Bytes.empty()
              .raw(Arrays.copyOfRange(good, 2, at))
              .raw(padded.formatted(property.length | 0x80))
              .raw(Arrays.copyOfRange(good, at + 1, good.length));

      assertRejected(V5, Bytes.packet(good[0] & 0xFF, body), ReasonCode.MALFORMED_PACKET);
    }
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void givenPropertyLengthBeyondThePacket_whenDecoded_thenMalformedAndNextPacketNotTouched(
      Where where) {
    var good = where.with(compulsory(where, 0));
    var body = Bytes.empty();
    if (where == Where.WILL || where == Where.CONNECT) {
      body.raw(Arrays.copyOfRange(good, 2, 12));
    } else if (where == Where.PUBLISH) {
      body.raw("00 01 74");
    } else if (where == Where.SUBSCRIBE || where == Where.UNSUBSCRIBE) {
      body.raw("00 01");
    } else {
      body.raw(where == Where.DISCONNECT || where == Where.AUTH ? "18" : "00 01 00");
    }
    if (where == Where.DISCONNECT) {
      body = Bytes.empty().u8(0);
    }
    var packet = Bytes.packet(good[0] & 0xFF, body.raw("FF FF FF 7F 26"));
    var two = Bytes.empty().raw(packet).raw(packet).toByteArray();

    assertRejected(
        Decoding.decode(V5, two),
        ReasonCode.MALFORMED_PACKET,
        (good[0] & 0xF0) == 0x10 ? Decoded.Answer.CONNACK : Decoded.Answer.DISCONNECT);
  }

  @Test
  void givenManyUserProperties_whenMoreThanTheLimit_thenQuotaExceeded() {
    var limits = new DecoderLimits(1_000_000, 100_000, true, 3, 10);
    var three = Bytes.empty();
    for (int i = 0; i < 3; i++) {
      three.u8(USER_PROPERTY).string("").string("");
    }
    var good = Where.PUBLISH.with(three);
    var bad = Where.PUBLISH.with(three.u8(USER_PROPERTY).string("").string(""));

    assertThat(new PacketDecoder(limits, V5).decode(ByteBuffer.wrap(good)))
        .isInstanceOf(Decoded.Complete.class);
    assertRejected(
        new PacketDecoder(limits, V5).decode(ByteBuffer.wrap(bad)),
        ReasonCode.QUOTA_EXCEEDED,
        Decoded.Answer.DISCONNECT);
  }
}
