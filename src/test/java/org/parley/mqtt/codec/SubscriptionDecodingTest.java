package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.codec.Decoding.V311;
import static org.parley.mqtt.codec.Decoding.V5;
import static org.parley.mqtt.codec.Decoding.assertRejected;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.parley.mqtt.codec.Decoded.Answer;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.RetainHandling;
import org.parley.mqtt.packet.Subscribe;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.Unsubscribe;
import org.parley.mqtt.packet.UserProperty;
import org.parley.testing.mqtt.Bytes;

/** SUBSCRIBE and UNSUBSCRIBE, sections 3.8 and 3.10. */
class SubscriptionDecodingTest {
  private static Bytes header(ProtocolVersion version, int packetId) {
    var header = Bytes.empty().u16(packetId);
    return version == V5 ? header.u8(0) : header;
  }

  private static byte[] subscribe(ProtocolVersion version, String filter, int options) {
    return Bytes.packet(0x82, header(version, 1).string(filter).u8(options));
  }

  private static ReasonCode faultOf(String filter, int options) {
    if ((options & 0xC0) != 0) {
      return ReasonCode.MALFORMED_PACKET;
    }
    boolean bad =
        (options & 0x03) == 3
            || (options & 0x30) == 0x30
            || ((options & 0x04) != 0 && filter.startsWith("$share/"));
    return bad ? ReasonCode.PROTOCOL_ERROR : ReasonCode.SUCCESS;
  }

  @Test
  @Tag("MQTT-3.8.3-4")
  @Tag("MQTT-3.8.3-5")
  void givenEveryOptionsByte_whenDecodedBy5_thenItsOptionsOrItsFault() {
    for (var filter : new String[] {"a", "$share/g/a", "$share", "$Share/g/a", "$shared/a"}) {
      for (int options = 0; options < 256; options++) {
        var packet = subscribe(V5, filter, options);
        var fault = faultOf(filter, options);
        if (fault != ReasonCode.SUCCESS) {
          assertRejected(V5, packet, fault);
          continue;
        }

        var entry = ((Subscribe) Decoding.packet(V5, packet)).entries().getFirst();

        assertThat(entry)
            .isEqualTo(
                new Subscribe.Entry(
                    filter,
                    new SubscriptionOptions(
                        QoS.of(options & 3),
                        (options & 4) != 0,
                        (options & 8) != 0,
                        RetainHandling.of(options >> 4))));
      }
    }
  }

  @Test
  void givenEveryOptionsByte_whenDecodedBy311_thenTheQosOnly() {
    for (int options = 0; options < 256; options++) {
      var packet = subscribe(V311, "$share/g/a", options);
      if (options > 3) {
        assertRejected(V311, packet, ReasonCode.MALFORMED_PACKET);
      } else if (options == 3) {
        assertRejected(V311, packet, ReasonCode.PROTOCOL_ERROR);
      } else {
        assertThat(((Subscribe) Decoding.packet(V311, packet)).entries())
            .containsExactly(
                new Subscribe.Entry("$share/g/a", SubscriptionOptions.of(QoS.of(options))));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void givenSeveralFilters_whenDecoded_thenAllInTheirOrder(ProtocolVersion version) {
    var subscribe =
        Bytes.packet(
            0x82, header(version, 65535).string("b").u8(1).string("").u8(0).string("b").u8(2));
    var unsubscribe =
        Bytes.packet(0xA2, header(version, 256).string("b").string("").string("a/#/b"));

    assertThat(Decoding.packet(version, subscribe))
        .isEqualTo(
            new Subscribe(
                65535,
                Subscribe.NO_ID,
                List.of(),
                List.of(
                    new Subscribe.Entry("b", SubscriptionOptions.of(QoS.AT_LEAST_ONCE)),
                    new Subscribe.Entry("", SubscriptionOptions.of(QoS.AT_MOST_ONCE)),
                    new Subscribe.Entry("b", SubscriptionOptions.of(QoS.EXACTLY_ONCE)))));
    assertThat(Decoding.packet(version, unsubscribe))
        .isEqualTo(new Unsubscribe(256, List.of(), List.of("b", "", "a/#/b")));
  }

  @Test
  void givenProperties_whenDecoded_thenThoseToo() {
    var user = "26 00 01 61 00 01 62";
    var subscribe =
        Bytes.packet(
            0x82,
            Bytes.empty()
                .u16(1)
                .block(Bytes.empty().raw("0B FF FF FF 7F " + user))
                .string("f")
                .u8(0));
    var unsubscribe =
        Bytes.packet(0xA2, Bytes.empty().u16(1).block(Bytes.empty().raw(user)).string("f"));

    var subscribed = (Subscribe) Decoding.packet(V5, subscribe);

    assertThat(subscribed.subscriptionId()).isEqualTo(268_435_455);
    assertThat(subscribed.userProperties()).containsExactly(new UserProperty("a", "b"));
    assertThat(((Unsubscribe) Decoding.packet(V5, unsubscribe)).userProperties())
        .containsExactly(new UserProperty("a", "b"));
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Tag("MQTT-3.8.3-2")
  @Tag("MQTT-3.10.3-2")
  void givenNoFilter_whenDecoded_thenProtocolError(ProtocolVersion version) {
    assertRejected(version, Bytes.packet(0x82, header(version, 1)), ReasonCode.PROTOCOL_ERROR);
    assertRejected(version, Bytes.packet(0xA2, header(version, 1)), ReasonCode.PROTOCOL_ERROR);
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Tag("MQTT-2.2.1-3")
  void givenPacketIdentifier0_whenDecoded_thenProtocolError(ProtocolVersion version) {
    assertRejected(
        version,
        Bytes.packet(0x82, header(version, 0).string("f").u8(0)),
        ReasonCode.PROTOCOL_ERROR);
    assertRejected(
        version, Bytes.packet(0xA2, header(version, 0).string("f")), ReasonCode.PROTOCOL_ERROR);
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void givenFilterWithoutOptions_whenDecoded_thenMalformed(ProtocolVersion version) {
    assertRejected(
        version, Bytes.packet(0x82, header(version, 1).string("f")), ReasonCode.MALFORMED_PACKET);
    assertRejected(
        version,
        Bytes.packet(0x82, header(version, 1).string("f").u8(1).string("g")),
        ReasonCode.MALFORMED_PACKET);
  }

  @Test
  void givenManyFilters_whenMoreThanTheLimit_thenQuotaExceeded() {
    var limits = new DecoderLimits(1_000_000, 100, true, 0, 2);
    var two = header(V5, 1).string("a").u8(0).string("b").u8(0).toByteArray();
    var good = Bytes.packet(0x82, Bytes.empty().raw(two));
    var bad = Bytes.packet(0x82, Bytes.empty().raw(two).string("c").u8(0));
    var worse = Bytes.packet(0xA2, header(V5, 1).string("a").string("b").string("c"));

    assertThat(new PacketDecoder(limits, V5).decode(ByteBuffer.wrap(good)))
        .isInstanceOf(Decoded.Complete.class);
    for (var packet : new byte[][] {bad, worse}) {
      assertRejected(
          new PacketDecoder(limits, V5).decode(ByteBuffer.wrap(packet)),
          ReasonCode.QUOTA_EXCEEDED,
          Answer.DISCONNECT);
    }
  }
}
