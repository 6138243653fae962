package org.parley.mqtt.broker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.ProtocolVersion;

/**
 * One connection as the model sees it from the server's side: what has arrived and was not acted
 * upon, what is owed in answer, and what is in flight.
 */
final class ExpectedConnection {
  /** An answer that is owed, by the first byte of its packet. */
  record Owed(int firstByte, int packetId, List<Integer> reasons) {}

  final int number;
  final ExpectedBroker broker;

  /** What has arrived as a whole and has had no effect yet. */
  final ArrayDeque<Said> arrived = new ArrayDeque<>();

  final ArrayDeque<Owed> publishAnswers = new ArrayDeque<>();
  final ArrayDeque<Owed> releaseAnswers = new ArrayDeque<>();
  final ArrayDeque<Owed> subscriptionAnswers = new ArrayDeque<>();
  int pings;

  /** By Packet Identifier: what was sent here, and what waits for PUBCOMP. */
  final Map<Integer, ExpectedCopy> inFlight = new HashMap<>();

  final Map<Integer, String> aliases = new HashMap<>();

  /** What is owed with QoS 0. */
  final List<ExpectedCopy> fleeting = new ArrayList<>();

  Said.@Nullable Connect connect;
  @Nullable ExpectedSession session;
  @Nullable ExpectedConnection former;
  boolean present;

  /** CONNACK was written. */
  boolean open;

  /** Another connection has the session. */
  boolean displaced;

  /** It has left its session, or the wire is gone. */
  boolean over;

  /** The server has ended it. */
  boolean finished;

  /** The network connection is gone. */
  boolean closed;

  long heardAt;

  /** The highest place that was sent. */
  long lastPlace;

  ExpectedConnection(ExpectedBroker broker, int number) {
    this.broker = broker;
    this.number = number;
  }

  Said.Connect connect() {
    if (connect == null) {
      throw broker.fault(this, "no CONNECT had an effect");
    }
    return connect;
  }

  ExpectedSession session() {
    if (session == null) {
      throw broker.fault(this, "no session yet");
    }
    return session;
  }

  ProtocolVersion version() {
    return connect().version();
  }

  /** Something is about to arrive. */
  void arrive(Said said) {
    heardAt = broker.now;
    closed |= said instanceof Said.End;
    if (!over && !displaced && !finished) {
      arrived.add(said);
    }
  }

  /** Returns whether this is for the log of the broker, which then tells when it has its effect. */
  private boolean isLogged(Said said) {
    return switch (said) {
      case Said.Publish publish ->
          publish.content().qos() == 0
              ? publish.content().retain()
              : publish.content().qos() == 1 || !session().inbound.contains(publish.packetId());
      case Said.Answer _, Said.Ping _ -> false;
      case Said.Connect _,
          Said.Release _,
          Said.Subscribe _,
          Said.Unsubscribe _,
          Said.Disconnect _,
          Said.End _ ->
          true;
    };
  }

  /** What has arrived and needs no log has its effect. */
  void drain() {
    while (open && !over && !arrived.isEmpty() && !isLogged(arrived.element())) {
      effect(arrived.remove());
    }
  }

  /** The log says that something of this kind has its effect: the next that arrived. */
  <T extends Said> T next(Class<T> kind) {
    while (!arrived.isEmpty()) {
      boolean logged = arrived.element() instanceof Said.Connect || isLogged(arrived.element());
      var said = arrived.remove();
      if (!logged) {
        effect(said);
      } else if (kind.isInstance(said)) {
        return kind.cast(said);
      } else {
        throw broker.fault(this, "was not acted upon before another was: " + said);
      }
    }
    throw broker.fault(this, "the server does what nobody has said: " + kind.getSimpleName());
  }

  private void effect(Said said) {
    switch (said) {
      case Said.Ping _ -> pings++;
      case Said.Answer answer -> answered(answer);
      case Said.Publish publish -> {
        if (publish.content().qos() == 0) {
          var _ = broker.routing.publish(publish.content(), broker.now);
        } else {
          broker.see(Sighting.RECEIVED_AGAIN);
          publishAnswers.add(new Owed(0x50, publish.packetId(), List.of(0, 0x10)));
        }
      }
      default -> throw new IllegalStateException(said.toString());
    }
  }

  private void answered(Said.Answer answer) {
    var copy = inFlight.get(answer.packetId());
    if (copy == null) {
      throw broker.fault(this, "the client answers what it was not sent: " + answer);
    }
    if (answer.firstByte() == Said.Answer.PUBREC && !answer.failed()) {
      copy.stage = ExpectedCopy.Stage.RECEIVED;
      return;
    }
    if (!answer.failed() && copy.handedOn == 0) {
      throw broker.fault(this, "finished, and the client has never had it: " + copy);
    }
    inFlight.remove(answer.packetId());
    copy.stage = ExpectedCopy.Stage.DONE;
    session().copies.remove(copy);
  }

  /** The connection leaves its session. */
  void leave() {
    for (var copy : fleeting) {
      copy.excuse();
      if (copy.share != null) {
        copy.share.withdraw(copy);
      }
    }
    arrived.clear();
  }

  /** Returns whether all that arrived has had its effect, and was answered. */
  boolean isQuiet() {
    return over
        || displaced
        || (arrived.isEmpty()
            && publishAnswers.isEmpty()
            && releaseAnswers.isEmpty()
            && subscriptionAnswers.isEmpty()
            && pings == 0);
  }

  /** Returns what keeps it from being quiet. */
  String owed() {
    return "arrived %s, owed %s %s %s and %d pings"
        .formatted(arrived, publishAnswers, releaseAnswers, subscriptionAnswers, pings);
  }

  @Override
  public String toString() {
    return "#" + number + (connect == null ? "" : " of " + connect.clientId());
  }
}
