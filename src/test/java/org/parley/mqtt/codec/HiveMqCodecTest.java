package org.parley.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.internal.mqtt.codec.decoder.MqttDecoderContext;
import com.hivemq.client.internal.mqtt.codec.decoder.MqttDecoderException;
import com.hivemq.client.internal.mqtt.codec.decoder.MqttMessageDecoders;
import com.hivemq.client.internal.mqtt.codec.decoder.MqttPingRespDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt3.Mqtt3ClientMessageDecoders_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt3.Mqtt3ConnAckDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt3.Mqtt3PubAckDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt3.Mqtt3PubCompDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt3.Mqtt3PubRecDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt3.Mqtt3PubRelDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt3.Mqtt3PublishDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt3.Mqtt3SubAckDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt3.Mqtt3UnsubAckDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt5.Mqtt5AuthDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt5.Mqtt5ClientMessageDecoders_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt5.Mqtt5ConnAckDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt5.Mqtt5DisconnectDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt5.Mqtt5PubAckDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt5.Mqtt5PubCompDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt5.Mqtt5PubRecDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt5.Mqtt5PubRelDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt5.Mqtt5PublishDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt5.Mqtt5SubAckDecoder_Factory;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt5.Mqtt5UnsubAckDecoder_Factory;
import com.hivemq.client.internal.mqtt.message.MqttMessage;
import com.hivemq.client.internal.mqtt.message.publish.MqttStatefulPublish;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.UserProperty;

/** The decoder of the HiveMQ client as an oracle: a strict client takes what we send. */
class HiveMqCodecTest {
  private static final int ROUNDS = 1_500;

  private static MqttMessageDecoders decoders(ProtocolVersion version) {
    return version == ProtocolVersion.V5
        ? Mqtt5ClientMessageDecoders_Factory.newInstance(
            Mqtt5ConnAckDecoder_Factory.newInstance(),
            Mqtt5PublishDecoder_Factory.newInstance(),
            Mqtt5PubAckDecoder_Factory.newInstance(),
            Mqtt5PubRecDecoder_Factory.newInstance(),
            Mqtt5PubRelDecoder_Factory.newInstance(),
            Mqtt5PubCompDecoder_Factory.newInstance(),
            Mqtt5SubAckDecoder_Factory.newInstance(),
            Mqtt5UnsubAckDecoder_Factory.newInstance(),
            MqttPingRespDecoder_Factory.newInstance(),
            Mqtt5DisconnectDecoder_Factory.newInstance(),
            Mqtt5AuthDecoder_Factory.newInstance())
        : Mqtt3ClientMessageDecoders_Factory.newInstance(
            Mqtt3ConnAckDecoder_Factory.newInstance(),
            Mqtt3PublishDecoder_Factory.newInstance(),
            Mqtt3PubAckDecoder_Factory.newInstance(),
            Mqtt3PubRecDecoder_Factory.newInstance(),
            Mqtt3PubRelDecoder_Factory.newInstance(),
            Mqtt3PubCompDecoder_Factory.newInstance(),
            Mqtt3SubAckDecoder_Factory.newInstance(),
            Mqtt3UnsubAckDecoder_Factory.newInstance(),
            MqttPingRespDecoder_Factory.newInstance());
  }

  /** A client that allows every alias and asked for everything. */
  private static MqttDecoderContext context() throws ReflectiveOperationException {
    var constructor = MqttDecoderContext.class.getDeclaredConstructors()[0];
    constructor.setAccessible(true);
    return (MqttDecoderContext)
        constructor.newInstance(268_435_460, 65_535, true, true, false, false, false, false);
  }

  @ParameterizedTest
  @EnumSource(
      value = ProtocolVersion.class,
      names = {"V3_1_1", "V5"})
  void givenPacketOfAServer_whenReadByTheHiveMqClient_thenTaken(ProtocolVersion version)
      throws ReflectiveOperationException, MqttDecoderException {
    var packets = new RandomPackets(new Random(11), version);
    var decoders = decoders(version);
    var encoder = new PacketEncoder();
    for (int i = 0; i < ROUNDS; i++) {
      var packet = packets.ofServer();
      if (packet instanceof Publish publish && publish.topic().isEmpty()) {
        continue; // it knows no alias
      }
      encoder.reset();
      assertThat(encoder.encode(packet, version, Long.MAX_VALUE, true)).isTrue();

      var message = decode(decoders, encoder, context());

      assertThat(message.getType().getCode()).isEqualTo(packet.type().value());
      assertSame(message, packet, version);
    }
  }

  private static MqttMessage decode(
      MqttMessageDecoders decoders, PacketEncoder encoder, MqttDecoderContext context)
      throws MqttDecoderException {
    var bytes = Unpooled.wrappedBuffer(encoder.written());
    int first = bytes.readUnsignedByte();
    while ((bytes.readByte() & 0x80) != 0) {
      // the length is what remains
    }
    var decoder = Objects.requireNonNull(decoders.get(first >> 4));
    var message = decoder.decode(first & 0x0F, bytes, context);
    assertThat(bytes.isReadable()).isFalse();
    return message;
  }

  private static void assertSame(MqttMessage message, Packet packet, ProtocolVersion version) {
    if (!(packet instanceof Publish publish)) {
      return;
    }
    var theirs = (MqttStatefulPublish) message;
    assertThat(theirs.isDup()).isEqualTo(publish.dup());
    assertThat(theirs.stateless().getTopic()).hasToString(publish.topic().text());
    assertThat(theirs.stateless().getQos().getCode()).isEqualTo(publish.qos().value());
    assertThat(theirs.stateless().isRetain()).isEqualTo(publish.retain());
    assertThat(theirs.stateless().getPayloadAsBytes()).isEqualTo(publish.payload().toByteArray());
    var properties = publish.properties();
    assertThat(theirs.stateless().getMessageExpiryInterval()).isEqualTo(properties.messageExpiry());
    assertThat(theirs.stateless().getContentType().map(Object::toString))
        .isEqualTo(properties.contentType());
    assertThat(theirs.stateless().getResponseTopic().map(Object::toString))
        .isEqualTo(properties.responseTopic());
    assertThat(
            theirs.stateless().getUserProperties().asList().stream()
                .map(user -> new UserProperty(user.getName() + "", user.getValue() + "")))
        .isEqualTo(properties.userProperties());
    if (version == ProtocolVersion.V5) {
      assertThat(theirs.getSubscriptionIdentifiers())
          .hasToString(publish.subscriptionIds().toString());
    }
  }
}
