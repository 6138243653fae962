package org.parley.mqtt.broker;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.broker.ExpectedConnection.Owed;
import org.parley.mqtt.broker.ExpectedCopy.Stage;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Disconnect;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.Pingresp;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Suback;
import org.parley.mqtt.packet.Unsuback;

/** Whether a packet that the server writes is one that it has to, or may, write now. */
final class ExpectedPackets {
  private final ExpectedBroker broker;

  ExpectedPackets(ExpectedBroker broker) {
    this.broker = broker;
  }

  /**
   * Judges a packet.
   *
   * @return what a PUBLISH is a copy of
   */
  @Nullable ExpectedCopy written(ExpectedConnection on, Packet packet) {
    if (packet instanceof Connack connack) {
      connack(on, connack);
      return null;
    }
    require(on.open, on, "written before CONNACK", packet);
    on.drain();
    switch (packet) {
      case Publish publish -> {
        return publish(on, publish);
      }
      case Puback(int id, var reason, var _) ->
          answer(on, on.publishAnswers, 0x40, id, List.of(reason));
      case Pubrec(int id, var reason, var _) ->
          answer(on, on.publishAnswers, 0x50, id, List.of(reason));
      case Pubcomp(int id, var reason, var _) ->
          answer(on, on.releaseAnswers, 0x70, id, List.of(reason));
      case Suback(int id, var reasons, var _) ->
          answer(on, on.subscriptionAnswers, 0x90, id, reasons);
      case Unsuback(int id, var reasons, var _) ->
          answer(on, on.subscriptionAnswers, 0xB0, id, reasons);
      case Pubrel pubrel -> {
        var copy = on.inFlight.get(pubrel.packetId());
        require(
            copy != null && copy.stage == Stage.RECEIVED && pubrel.reason() == ReasonCode.SUCCESS,
            on,
            "no PUBREC asks for this",
            packet);
        if (copy != null && copy.sentOn != on) {
          broker.see(Sighting.RELEASED_AGAIN);
        }
      }
      case Pingresp _ -> require(on.pings-- > 0, on, "nobody has asked", packet);
      case Disconnect disconnect -> goodbye(on, disconnect);
      default -> throw broker.fault(on, "not for a client: " + packet);
    }
    return null;
  }

  private void require(boolean holds, ExpectedConnection on, String what, Packet packet) {
    if (!holds) {
      throw broker.fault(on, what + ": " + History.text(packet));
    }
  }

  private void connack(ExpectedConnection on, Connack connack) {
    require(on.session != null && !on.open, on, "not the time for CONNACK", connack);
    require(connack.reason() == ReasonCode.SUCCESS, on, "refused", connack);
    require(connack.sessionPresent() == on.present, on, "not " + on.present, connack);
    var former = on.former;
    require(
        former == null || former.finished || former.over || former.closed,
        on,
        "too early, not yet ended is " + former,
        connack);
    on.open = true;
  }

  private void goodbye(ExpectedConnection on, Disconnect disconnect) {
    boolean isDue =
        switch (disconnect.reason()) {
          case SESSION_TAKEN_OVER -> on.displaced;
          case KEEP_ALIVE_TIMEOUT -> broker.isLate(on);
          default -> false;
        };
    require(isDue, on, "no reason for this", disconnect);
  }

  /** Answers come in the order of what they answer [MQTT-4.6.0-2]. */
  private void answer(
      ExpectedConnection on,
      ArrayDeque<Owed> queue,
      int firstByte,
      int packetId,
      List<ReasonCode> reasons) {
    var owed = queue.poll();
    if (owed == null || owed.firstByte() != firstByte || owed.packetId() != packetId) {
      throw broker.fault(on, "answers 0x%X of %d, owed is %s".formatted(firstByte, packetId, owed));
    }
    if (on.version() != ProtocolVersion.V5 && firstByte != 0x90) {
      return;
    }
    var values = reasons.stream().map(ReasonCode::value).toList();
    boolean many = firstByte == 0x90 || firstByte == 0xB0;
    if (many ? !values.equals(owed.reasons()) : !owed.reasons().containsAll(values)) {
      throw broker.fault(on, "answers %s, owed is %s".formatted(reasons, owed));
    }
  }

  // -- messages

  private ExpectedCopy publish(ExpectedConnection on, Publish publish) {
    var topic = topic(on, publish);
    var payload = new String(publish.payload().toByteArray(), StandardCharsets.UTF_8);
    var copy =
        publish.qos().value() == 0
            ? fleeting(on, publish, topic, payload)
            : queued(on, publish, topic, payload);
    see(on, publish, copy);
    if (copy.stage == Stage.OWED) {
      if (copy.share != null && broker.isAlive(copy.session)) {
        copy.share.decide(copy);
      }
      copy.stage = copy.qos == 0 ? Stage.DONE : Stage.SENT;
    }
    copy.sentOn = on;
    copy.packetId = publish.packetId();
    return copy;
  }

  private void see(ExpectedConnection on, Publish publish, ExpectedCopy copy) {
    broker.see(List.of(Sighting.QOS_0, Sighting.QOS_1, Sighting.QOS_2).get(copy.qos));
    if (copy.stage == Stage.SENT) {
      broker.see(Sighting.SENT_AGAIN);
    }
    if (copy.replayed) {
      broker.see(Sighting.REPLAYED);
    }
    if (copy.share != null) {
      broker.see(copy.wasMoved() ? Sighting.SHARED_MOVED : Sighting.SHARED);
    }
    if (on.displaced) {
      broker.see(Sighting.SENT_AFTER_DISPLACED);
    }
    if (publish.topic().isEmpty()) {
      broker.see(Sighting.ALIAS);
    }
  }

  private String topic(ExpectedConnection on, Publish publish) {
    int alias = publish.topicAlias();
    require(alias <= on.connect().aliasMaximum(), on, "too high an alias", publish);
    if (publish.topic().isEmpty()) {
      var topic = on.aliases.get(alias);
      if (topic == null) {
        throw broker.fault(on, "an alias that stands for nothing: " + History.text(publish));
      }
      return topic;
    }
    if (alias > 0) {
      on.aliases.put(alias, publish.topic().text());
    }
    return publish.topic().text();
  }

  /** With QoS 0 everything that is live comes in its order, once. */
  private ExpectedCopy fleeting(
      ExpectedConnection on, Publish publish, String topic, String payload) {
    var waiting = on.fleeting;
    ExpectedCopy overtaken = null;
    for (int i = 0; i < waiting.size(); i++) {
      var copy = waiting.get(i);
      if (copy.isIn(publish, topic, payload, on.version(), broker.now)) {
        overtaken = overtakenBy(copy, waiting.subList(0, i));
        if (overtaken == null) {
          waiting.remove(i);
          return copy;
        } // the same may be there once more, replayed
      }
    }
    if (overtaken != null) {
      throw broker.fault(on, History.text(publish) + " has overtaken " + overtaken);
    }
    throw unexpected(on, publish, topic, payload, waiting);
  }

  private @Nullable ExpectedCopy overtakenBy(ExpectedCopy copy, List<ExpectedCopy> earlier) {
    if (copy.replayed || copy.wasMoved()) {
      return null;
    }
    for (var passed : earlier) {
      if (passed.isDue(broker.now) && !passed.replayed && passed.share == null) {
        return passed;
      }
    }
    return null;
  }

  private ExpectedCopy queued(
      ExpectedConnection on, Publish publish, String topic, String payload) {
    int packetId = publish.packetId();
    require(!on.inFlight.containsKey(packetId), on, "the identifier is in use", publish);
    var copy = find(on, publish, topic, payload);
    checkQuota(on, publish);
    if (!copy.wasMoved()) {
      require(copy.place >= on.lastPlace, on, "out of order", publish);
      on.lastPlace = copy.place;
    }
    on.inFlight.put(packetId, copy);
    return copy;
  }

  private ExpectedCopy find(ExpectedConnection on, Publish publish, String topic, String payload) {
    for (var copy : on.session().copies) {
      if (copy.sentOn == on || !copy.isIn(publish, topic, payload, on.version(), broker.now)) {
        continue;
      }
      if (copy.stage == Stage.SENT && publish.dup() && copy.packetId == publish.packetId()) {
        return copy; // the same again [MQTT-4.4.0-1]
      }
      // What may have been in flight counts as sent: ADR 10.
      if (copy.stage == Stage.OWED && (!publish.dup() || copy.place < copy.session.formerEnd)) {
        return copy;
      }
    }
    throw unexpected(on, publish, topic, payload, on.session().copies);
  }

  /** What is published and not answered is within Receive Maximum [MQTT-3.3.4-9]. */
  private void checkQuota(ExpectedConnection on, Publish publish) {
    int most = on.connect().receiveMaximum();
    if (most > 0) {
      long used = on.inFlight.values().stream().filter(copy -> copy.sentOn == on).count();
      require(used < most, on, used + " are in flight of at most " + most, publish);
      if (used == most - 1) {
        broker.see(Sighting.AT_RECEIVE_MAXIMUM);
      }
    }
  }

  private AssertionError unexpected(
      ExpectedConnection on,
      Publish publish,
      String topic,
      String payload,
      List<ExpectedCopy> owed) {
    var similar =
        owed.stream().filter(copy -> copy.publication.content().payload().equals(payload)).toList();
    return broker.fault(
        on,
        "not owed in this form: %s on %s; of this message are owed %s, in flight %s"
            .formatted(History.text(publish), topic, similar, on.inFlight.keySet()));
  }
}
