package org.parley.mqtt.codec;

import java.nio.ByteBuffer;
import java.util.List;
import org.parley.mqtt.packet.Acknowledgement;
import org.parley.mqtt.packet.Auth;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.Disconnect;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.PacketType;
import org.parley.mqtt.packet.Pingreq;
import org.parley.mqtt.packet.Pingresp;
import org.parley.mqtt.packet.ProblemInformation;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.Suback;
import org.parley.mqtt.packet.Subscribe;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.packet.Unsuback;
import org.parley.mqtt.packet.Unsubscribe;

/**
 * Packets to bytes, one behind the other in an array that grows; {@link #reset} begins anew. Used
 * by one thread at a time, for one connection or for many. The text of packets is well-formed.
 */
public final class PacketEncoder {
  private static final int TYPE_SHIFT = 4;
  private static final int FLAGS_0010 = 2;

  private final ByteWriter writer = new ByteWriter();
  private final PublishWriter publishes = new PublishWriter(writer);
  private final AnswerWriter answers = new AnswerWriter(writer);
  private final RequestWriter requests = new RequestWriter(writer);

  public PacketEncoder() {}

  /**
   * Returns the bytes that were encoded since the last {@link #reset}; valid until the next call.
   */
  public ByteBuffer written() {
    return writer.written();
  }

  /** Returns how many bytes were encoded since the last {@link #reset}. */
  public int size() {
    return writer.size();
  }

  /** Begins anew; an array of more than 128 KiB is given back. */
  public void reset() {
    writer.reset();
  }

  /**
   * Encodes one packet. If it is too big, User Properties are left out, then the Reason String
   * [MQTT-3.2.2-19]; a message loses nothing and a request of a client neither.
   *
   * @param maximumPacketSize of the receiver, in bytes of the whole packet [MQTT-3.1.2-24]
   * @param problemInformation whether the receiver asked for it; if not, only CONNACK, DISCONNECT
   *     and PUBLISH have Reason String and User Properties [MQTT-3.1.2-29]
   * @return false if nothing was written: the packet is too big, a text in it is longer than 65535
   *     bytes, or that version has no form for it (AUTH, or a DISCONNECT with a reason, before 5.0;
   *     a CONNACK whose reason has no return code)
   */
  public boolean encode(
      Packet packet, ProtocolVersion version, long maximumPacketSize, boolean problemInformation) {
    if (packet instanceof Publish publish) {
      return encodePublish(
          version,
          maximumPacketSize,
          publish.dup(),
          publish.qos(),
          publish.retain(),
          publish.topic(),
          publish.packetId(),
          publish.topicAlias(),
          publish.subscriptionIds(),
          publish.properties(),
          publish.payload());
    }
    var problem = problemInformation ? problemOf(packet) : problemUnasked(packet);
    if (encode(packet, version, maximumPacketSize, problem)) {
      return true;
    }
    if (!problem.userProperties().isEmpty()) {
      problem = new ProblemInformation(problem.reasonString(), List.of());
      if (encode(packet, version, maximumPacketSize, problem)) {
        return true;
      }
    }
    return problem.reasonString().isPresent()
        && encode(packet, version, maximumPacketSize, ProblemInformation.NONE);
  }

  /**
   * Encodes a PUBLISH of these fields, see {@link Publish}. {@code dup} and {@code packetId} count
   * only with QoS 1 and 2; before 5.0 alias, identifiers and properties are left out.
   *
   * @return false if nothing was written, because it is bigger than {@code maximumPacketSize} or
   *     has no form on the wire
   */
  public boolean encodePublish(
      ProtocolVersion version,
      long maximumPacketSize,
      boolean dup,
      QoS qos,
      boolean retain,
      TopicName topic,
      int packetId,
      int topicAlias,
      List<Integer> subscriptionIds,
      MessageProperties properties,
      BinaryData payload) {
    int mark = writer.size();
    boolean written =
        publishes.write(
            version,
            maximumPacketSize,
            dup,
            qos,
            retain,
            topic,
            packetId,
            topicAlias,
            subscriptionIds,
            properties,
            payload);
    if (!written) {
      writer.rewind(mark);
    }
    return written;
  }

  private static ProblemInformation problemOf(Packet packet) {
    return switch (packet) {
      case Connack connack ->
          new ProblemInformation(
              connack.properties().reasonString(), connack.properties().userProperties());
      case Acknowledgement acknowledgement -> acknowledgement.problem();
      case Suback suback -> suback.problem();
      case Unsuback unsuback -> unsuback.problem();
      case Disconnect disconnect -> disconnect.problem();
      case Auth auth -> auth.problem();
      case Connect _, Publish _, Subscribe _, Unsubscribe _, Pingreq _, Pingresp _ ->
          ProblemInformation.NONE;
    };
  }

  private static ProblemInformation problemUnasked(Packet packet) {
    return packet instanceof Connack || packet instanceof Disconnect
        ? problemOf(packet)
        : ProblemInformation.NONE;
  }

  private boolean encode(
      Packet packet, ProtocolVersion version, long maximumPacketSize, ProblemInformation problem) {
    int mark = writer.size();
    writer.octet(firstByte(packet.type()));
    int body = writer.size();
    boolean written = writeBody(packet, version, problem);
    writer.prefixLength(body);
    if (!written || writer.overflowed() || writer.size() - mark > maximumPacketSize) {
      writer.rewind(mark);
      return false;
    }
    return true;
  }

  private static int firstByte(PacketType type) {
    boolean request =
        type == PacketType.PUBREL || type == PacketType.SUBSCRIBE || type == PacketType.UNSUBSCRIBE;
    return (type.value() << TYPE_SHIFT) | (request ? FLAGS_0010 : 0); // [MQTT-2.1.3-1]
  }

  private boolean writeBody(Packet packet, ProtocolVersion version, ProblemInformation problem) {
    switch (packet) {
      case Connack connack -> {
        return answers.writeConnack(connack, version, problem);
      }
      case Disconnect disconnect -> {
        return answers.writeDisconnect(disconnect, version, problem);
      }
      case Auth auth -> {
        return answers.writeAuth(auth, version, problem);
      }
      case Acknowledgement acknowledgement ->
          answers.writeAcknowledgement(acknowledgement, version, problem);
      case Suback suback ->
          answers.writeSuback(suback.packetId(), suback.reasons(), version, problem);
      case Unsuback unsuback ->
          answers.writeUnsuback(unsuback.packetId(), unsuback.reasons(), version, problem);
      case Connect connect -> requests.writeConnect(connect);
      case Subscribe subscribe -> requests.writeSubscribe(subscribe, version);
      case Unsubscribe unsubscribe -> requests.writeUnsubscribe(unsubscribe, version);
      case Publish _ -> throw new IllegalArgumentException("PUBLISH has a way of its own");
      case Pingreq _, Pingresp _ -> {}
    }
    return true;
  }
}
