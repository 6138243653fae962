package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.Auth;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.Pingreq;
import org.parley.mqtt.packet.Pingresp;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.Suback;
import org.parley.mqtt.packet.Subscribe;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.packet.Unsuback;
import org.parley.mqtt.packet.Unsubscribe;
import org.parley.testing.mqtt.Bytes;

/**
 * What client and server owe each other on one connection. The client may break every rule; the
 * server answers what it was asked, once and in order, and keeps to identifiers that are free, to
 * Receive Maximum and to Topic Aliases.
 */
final class Exchanges {
  private enum Stage {
    /** PUBLISH with QoS 1 has come. */
    AT_LEAST_ONCE,
    /** PUBLISH with QoS 2 has come. */
    EXACTLY_ONCE,
    /** PUBREC was said. */
    RECEIVED,
    /** PUBREL has come. */
    RELEASED
  }

  /** A SUBSCRIBE or UNSUBSCRIBE and how many filters it has. */
  private record Request(boolean subscribes, int packetId, int filters) {}

  private final Queue<Integer> pubacks = new ArrayDeque<>();
  private final Queue<Integer> pubrecs = new ArrayDeque<>();
  private final Queue<Integer> pubcomps = new ArrayDeque<>();
  private final Queue<Request> requests = new ArrayDeque<>();
  private int pings;
  private int auths;

  private final Map<Integer, Stage> inFlight = new LinkedHashMap<>();

  /** Those of them that the server has published here: they count for Receive Maximum. */
  private final Set<Integer> published = new HashSet<>();

  private final Set<Integer> received = new HashSet<>();

  /**
   * Identifiers that were acknowledged while no PUBLISH with them had come: the answer to one that
   * was on its way, or to nothing.
   */
  private final Set<Integer> guessed = new HashSet<>();

  private final Map<Integer, TopicName> aliases = new LinkedHashMap<>();
  private int receiveMaximum;
  private int aliasMaximum;
  private boolean resumed;
  private int lastPacketId;

  // -- the client

  void said(Packet packet) {
    switch (packet) {
      case Connect connect ->
          auths += connect.properties().authenticationMethod().isPresent() ? 1 : 0;
      case Publish publish -> said(publish);
      case Pubrel pubrel -> pubcomps.add(pubrel.packetId());
      case Subscribe asked ->
          requests.add(new Request(true, asked.packetId(), asked.entries().size()));
      case Unsubscribe asked ->
          requests.add(new Request(false, asked.packetId(), asked.filters().size()));
      case Pingreq _ -> pings++;
      case Auth _ -> auths++;
      case Puback puback -> over(puback.packetId(), Stage.AT_LEAST_ONCE);
      case Pubrec pubrec -> said(pubrec);
      case Pubcomp pubcomp -> over(pubcomp.packetId(), Stage.RELEASED);
      default -> {}
    }
  }

  private void said(Publish publish) {
    switch (publish.qos()) {
      case AT_MOST_ONCE -> {}
      case AT_LEAST_ONCE -> pubacks.add(publish.packetId());
      case EXACTLY_ONCE -> pubrecs.add(publish.packetId());
    }
  }

  private void said(Pubrec pubrec) {
    int packetId = pubrec.packetId();
    received.add(packetId);
    if (pubrec.reason().isFailure()) {
      over(packetId, inFlight.getOrDefault(packetId, Stage.EXACTLY_ONCE));
    } else if (!inFlight.replace(packetId, Stage.EXACTLY_ONCE, Stage.RECEIVED)) {
      guessed.add(packetId);
    }
  }

  private void over(int packetId, Stage stage) {
    published.remove(packetId);
    if (!inFlight.remove(packetId, stage)) {
      guessed.add(packetId);
    }
  }

  /** Returns the identifier of the last PUBLISH with QoS 1 or 2 that has come. */
  int lastPacketId() {
    return lastPacketId;
  }

  /** Returns what a client that keeps to the rules would answer now. */
  byte[] acknowledgements() {
    var bytes = Bytes.empty();
    inFlight.forEach(
        (packetId, stage) -> {
          switch (stage) {
            case AT_LEAST_ONCE -> bytes.raw(Bytes.packet(0x40, Bytes.empty().u16(packetId)));
            case EXACTLY_ONCE -> bytes.raw(Bytes.packet(0x50, Bytes.empty().u16(packetId)));
            case RELEASED -> bytes.raw(Bytes.packet(0x70, Bytes.empty().u16(packetId)));
            case RECEIVED -> {}
          }
        });
    return bytes.toByteArray();
  }

  /** Returns whether the server knows that the client takes another message with QoS 1 or 2. */
  boolean takesMore() {
    return guessed.isEmpty() && published.size() < receiveMaximum;
  }

  // -- the server

  /** The server has accepted the client. */
  void begin(int receiveMaximum, int aliasMaximum, boolean resumed) {
    this.receiveMaximum = receiveMaximum;
    this.aliasMaximum = aliasMaximum;
    this.resumed = resumed;
  }

  void answered(Packet packet) {
    switch (packet) {
      case Publish publish -> answered(publish);
      case Puback puback -> assertThat(puback.packetId()).isEqualTo(pubacks.poll());
      case Pubrec pubrec -> assertThat(pubrec.packetId()).isEqualTo(pubrecs.poll());
      case Pubcomp pubcomp -> assertThat(pubcomp.packetId()).isEqualTo(pubcomps.poll());
      case Pubrel pubrel -> answered(pubrel);
      case Suback suback ->
          assertThat(new Request(true, suback.packetId(), suback.reasons().size()))
              .isEqualTo(requests.poll());
      case Unsuback unsuback -> answered(unsuback);
      case Pingresp _ -> assertThat(--pings).as("PINGREQs").isNotNegative();
      case Auth _ -> assertThat(--auths).as("what AUTH answers").isNotNegative();
      default -> {}
    }
  }

  private void answered(Publish publish) {
    var known = aliases.get(publish.topicAlias());
    assertThat(publish.topicAlias()).as("Topic Alias").isLessThanOrEqualTo(aliasMaximum);
    if (publish.topicAlias() != Publish.NO_ALIAS && !publish.topic().isEmpty()) {
      aliases.put(publish.topicAlias(), publish.topic());
    } else if (publish.topic().isEmpty()) {
      assertThat(known).as("topic of the alias").isNotNull();
    }
    if (publish.qos() == QoS.AT_MOST_ONCE) {
      return;
    }
    lastPacketId = publish.packetId();
    assertThat(!publish.dup() || resumed).as("DUP in a resumed session only").isTrue();
    var stage = publish.qos() == QoS.AT_LEAST_ONCE ? Stage.AT_LEAST_ONCE : Stage.EXACTLY_ONCE;
    var former = inFlight.put(lastPacketId, stage);
    if (guessed.contains(lastPacketId)) {
      return;
    }
    assertThat(former).as("what has identifier %d", lastPacketId).isNull();
    published.add(lastPacketId);
    assertThat(published).as("Receive Maximum").hasSizeLessThanOrEqualTo(receiveMaximum);
  }

  private void answered(Pubrel pubrel) {
    int packetId = pubrel.packetId();
    assertThat(received.contains(packetId) || resumed).as("PUBREL after PUBREC").isTrue();
    if (!pubrel.reason().isFailure()) {
      inFlight.put(packetId, Stage.RELEASED);
    }
  }

  private void answered(Unsuback unsuback) {
    var request = requests.poll();
    assertThat(request).isNotNull();
    if (request != null) {
      boolean countless = unsuback.reasons().isEmpty(); // before 5.0
      int filters = countless ? request.filters : unsuback.reasons().size();
      assertThat(new Request(false, unsuback.packetId(), filters)).isEqualTo(request);
    }
  }

  /** The server has had time to answer everything. */
  void requireAnswers() {
    assertThat(pubacks).as("PUBACKs that are owed").isEmpty();
    assertThat(pubrecs).as("PUBRECs that are owed").isEmpty();
    assertThat(pubcomps).as("PUBCOMPs that are owed").isEmpty();
    assertThat(requests).as("requests without an answer").isEmpty();
    assertThat(pings).as("PINGREQs without an answer").isZero();
  }
}
