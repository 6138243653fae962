package org.parley.mqtt.codec;

import java.util.List;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.TopicName;

/** Reads PUBLISH of a client, MQTT 5.0 section 3.3. */
final class PublishReader {
  private static final int RETAIN = 1;
  private static final int QOS_SHIFT = 1;
  private static final int QOS = 3;
  private static final int DUP = 1 << 3;

  private final PacketReader reader;
  private final RecentTopics recent = new RecentTopics();

  PublishReader(PacketReader reader) {
    this.reader = reader;
  }

  /** Fails if the flags of the first byte are none of PUBLISH. */
  static void checkFlags(int flags, PacketReader reader) {
    int qos = (flags >> QOS_SHIFT) & QOS;
    if (qos == QOS) {
      reader.malformed("QoS 3"); // [MQTT-3.3.1-4]
    } else if (qos == 0 && (flags & DUP) != 0) {
      reader.malformed("DUP with QoS 0"); // [MQTT-3.3.1-2]
    }
  }

  /** Reads the body. */
  Publish read(int flags, ProtocolVersion version) {
    var qos = QoS.of((flags >> QOS_SHIFT) & QOS);
    var topic = reader.topic(recent); // [MQTT-3.3.2-1]
    int packetId = qos == QoS.AT_MOST_ONCE ? 0 : reader.packetId();
    int alias = Publish.NO_ALIAS;
    var properties = MessageProperties.NONE;
    if (version.hasProperties()) {
      var block = PropertyBlock.read(reader, PropertyPlace.PUBLISH);
      alias = block.topicAlias();
      properties = block.messageProperties();
    }
    checkTopic(topic, alias);
    boolean dup = (flags & DUP) != 0;
    boolean retain = (flags & RETAIN) != 0;
    return new Publish(
        dup, qos, retain, topic, packetId, alias, List.of(), properties, reader.rest());
  }

  private void checkTopic(TopicName topic, int alias) {
    if (topic.isEmpty() && alias == Publish.NO_ALIAS) {
      reader.protocolError("a message without Topic Name"); // [MQTT-4.7.3-1]
    } else if (topic.hasWildcard()) {
      reader.fail(ReasonCode.TOPIC_NAME_INVALID, "a wildcard in a Topic Name"); // [MQTT-3.3.2-2]
    }
  }
}
