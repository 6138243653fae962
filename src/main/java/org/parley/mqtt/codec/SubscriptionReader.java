package org.parley.mqtt.codec;

import java.util.ArrayList;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.RetainHandling;
import org.parley.mqtt.packet.Subscribe;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.Unsubscribe;

/**
 * Reads SUBSCRIBE and UNSUBSCRIBE, MQTT 5.0 sections 3.8 and 3.10. Whether a filter is one is not
 * asked here: a bad one is refused in SUBACK, beside good ones.
 */
final class SubscriptionReader {
  private static final int QOS = 3;
  private static final int NO_LOCAL = 1 << 2;
  private static final int RETAIN_AS_PUBLISHED = 1 << 3;
  private static final int RETAIN_HANDLING_SHIFT = 4;
  private static final int RETAIN_HANDLING = 3;
  private static final int RESERVED = 0xc0;
  private static final String SHARED = "$share/";

  private final PacketReader reader;

  SubscriptionReader(PacketReader reader) {
    this.reader = reader;
  }

  /** Reads the body of SUBSCRIBE. */
  Subscribe readSubscribe(ProtocolVersion version) {
    int packetId = reader.packetId();
    var block = properties(version, PropertyPlace.SUBSCRIBE);
    var entries = new ArrayList<Subscribe.Entry>();
    do {
      checkRoom(entries.size());
      var filter = reader.text(); // [MQTT-3.8.3-1]
      entries.add(new Subscribe.Entry(filter, readOptions(version, filter)));
    } while (reader.hasMore());
    return new Subscribe(packetId, block.subscriptionId(), block.userProperties(), entries);
  }

  /** Reads the body of UNSUBSCRIBE. */
  Unsubscribe readUnsubscribe(ProtocolVersion version) {
    int packetId = reader.packetId();
    var block = properties(version, PropertyPlace.UNSUBSCRIBE);
    var filters = new ArrayList<String>();
    do {
      checkRoom(filters.size());
      filters.add(reader.text()); // [MQTT-3.10.3-1]
    } while (reader.hasMore());
    return new Unsubscribe(packetId, block.userProperties(), filters);
  }

  private PropertyBlock properties(ProtocolVersion version, PropertyPlace place) {
    return version.hasProperties() ? PropertyBlock.read(reader, place) : PropertyBlock.NONE;
  }

  /** Called before each filter: there is a first one, and not too many are there. */
  private void checkRoom(int count) {
    if (count == 0 && !reader.hasMore()) {
      reader.protocolError("no Topic Filter"); // [MQTT-3.8.3-2], [MQTT-3.10.3-2]
    } else if (count == reader.limits().maximumFilters()) {
      reader.fail(ReasonCode.QUOTA_EXCEEDED, "too many Topic Filters");
    }
  }

  private SubscriptionOptions readOptions(ProtocolVersion version, String filter) {
    int options = reader.octet();
    int reserved = version.hasProperties() ? RESERVED : ~QOS;
    if ((options & reserved) != 0) {
      reader.malformed("reserved bits of Subscription Options"); // [MQTT-3.8.3-5]
    }
    int qos = options & QOS;
    int handling = (options >> RETAIN_HANDLING_SHIFT) & RETAIN_HANDLING;
    boolean noLocal = (options & NO_LOCAL) != 0;
    if (qos > QoS.EXACTLY_ONCE.value()) {
      reader.protocolError("Maximum QoS 3");
    } else if (handling == RETAIN_HANDLING) {
      reader.protocolError("Retain Handling 3");
    } else if (noLocal && filter.startsWith(SHARED)) {
      reader.protocolError("No Local on a Shared Subscription"); // [MQTT-3.8.3-4]
    }
    return reader.failed()
        ? SubscriptionOptions.of(QoS.AT_MOST_ONCE)
        : new SubscriptionOptions(
            QoS.of(qos),
            noLocal,
            (options & RETAIN_AS_PUBLISHED) != 0,
            RetainHandling.of(handling));
  }
}
