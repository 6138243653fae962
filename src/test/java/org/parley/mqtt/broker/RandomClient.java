package org.parley.mqtt.broker;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.broker.Said.Answer;
import org.parley.mqtt.broker.Said.Content;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.Suback;
import org.parley.mqtt.packet.Unsuback;

/**
 * A client that keeps its part of the session as the standard demands, and does at random what it
 * may: it answers late or never, is cut off, comes again, comes twice.
 */
final class RandomClient {
  /** What it has published with QoS 1 or 2 and not seen the end of. */
  private record Outstanding(Said.Publish publish, boolean released) {}

  private static final int PACKET_IDS = 12;

  private final String clientId;
  private final Random random;
  private final Network network;
  private final Vocabulary words;
  private final Vocabulary.Habit habit;
  private final Map<Integer, Outstanding> outstanding = new LinkedHashMap<>();

  /** Packet Identifiers of QoS 2 that it has received: no second time until PUBREL. */
  private final Map<Integer, ExpectedCopy> received = new HashMap<>();

  private final ArrayDeque<Said> answers = new ArrayDeque<>();
  private final Set<Integer> requests = new HashSet<>();
  private final Map<Integer, String> aliases = new HashMap<>();
  private Network.@Nullable Link link;
  private Said.@Nullable Connect connect;
  private @Nullable ExpectedSession known;
  private boolean accepted;
  private int aliasMaximum;

  RandomClient(String clientId, Random random, Network network, Vocabulary words) {
    this.clientId = clientId;
    this.random = random;
    this.network = network;
    this.words = words;
    this.habit = words.habit();
  }

  // -- connections

  boolean isConnected() {
    return link != null;
  }

  /** Connects, also if it is connected: the former connection is left alone. */
  void connect(boolean forGood) {
    boolean v5 = words.isV5(habit);
    boolean clean = !forGood && random.nextInt(5) == 0;
    long expiry = forGood ? Said.NEVER : v5 ? words.sessionExpiry() : clean ? 0 : Said.NEVER;
    connect =
        new Said.Connect(
            v5 ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1,
            clientId,
            clean,
            expiry,
            v5 && random.nextInt(3) > 0 ? 1 + random.nextInt(5) : 0,
            v5 && random.nextBoolean() ? 1 + random.nextInt(3) : 0,
            !forGood && random.nextInt(4) == 0 ? 2 + random.nextInt(6) : 0,
            forGood || random.nextBoolean() ? null : words.will(clientId, v5));
    leave();
    link = network.open(this, connect);
    if (clean) {
      forget();
    }
  }

  /** Returns whether a second CONNECT cannot be judged before the first and spoil its session. */
  boolean mayConnectTwice() {
    return accepted || (connect != null && !connect.clean());
  }

  /** Returns whether a connection is the one that it uses. */
  boolean uses(Network.Link which) {
    return which == link;
  }

  private void leave() {
    link = null;
    accepted = false;
    answers.clear();
    requests.clear();
    aliases.clear();
  }

  private void forget() {
    outstanding.clear();
    received.clear();
  }

  private void say(Said said) {
    if (link != null) {
      link.send(said);
    }
  }

  private boolean isV5() {
    return connect != null && connect.version() == ProtocolVersion.V5;
  }

  /** Ends the connection with DISCONNECT. */
  void disconnect() {
    if (link == null || connect == null) {
      return;
    }
    boolean changes = isV5() && connect.expirySeconds() > 0 && random.nextInt(3) == 0;
    say(
        new Said.Disconnect(
            isV5() && random.nextInt(4) == 0,
            changes ? OptionalLong.of(words.sessionExpiry()) : OptionalLong.empty()));
    link.end();
    leave();
  }

  /** The network connection is cut. */
  void cut() {
    if (link != null) {
      link.cut();
      leave();
    }
  }

  /** The server has ended a connection. */
  void ended(Network.Link which) {
    which.end();
    if (which == link) {
      leave();
    }
  }

  // -- what it does

  /** Does something that a connected client may do. */
  void act() {
    if (!accepted) {
      boolean clean = connect != null && connect.clean();
      int chance = random.nextInt(20);
      if (clean && chance < 5) {
        request(2 + random.nextInt(3)); // it need not wait for CONNACK
      } else if (!clean && chance == 0) {
        cut();
      } else if (!clean && chance == 1) {
        connect(false);
      }
      return;
    }
    int kind = random.nextInt(100);
    if (kind < 30) {
      answer(1 + random.nextInt(3));
    } else if (kind < 92) {
      request(random.nextInt(20));
    } else if (kind < 94) {
      say(new Said.Ping());
    } else if (kind < 96) {
      disconnect();
    } else if (kind < 98) {
      cut();
    } else if (mayConnectTwice()) {
      connect(false);
    }
  }

  private void request(int kind) {
    if (kind < 3) {
      int packetId = freePacketId();
      if (packetId > 0) {
        requests.add(packetId);
        say(words.subscribe(packetId, isV5(), habit));
      }
    } else if (kind < 4) {
      int packetId = freePacketId();
      if (packetId > 0) {
        requests.add(packetId);
        say(words.unsubscribe(packetId, habit));
      }
    } else {
      publish();
    }
  }

  private int freePacketId() {
    int first = random.nextInt(PACKET_IDS);
    for (int i = 0; i < PACKET_IDS; i++) {
      int packetId = 1 + (first + i) % PACKET_IDS;
      if (!requests.contains(packetId) && !outstanding.containsKey(packetId)) {
        return packetId;
      }
    }
    return 0;
  }

  private void publish() {
    var content = words.content(clientId, isV5());
    int packetId = 0;
    if (content.qos() > 0) {
      packetId = outstanding.size() < network.receiveMaximum() ? freePacketId() : 0;
      if (packetId == 0) {
        return;
      }
    }
    var publish = aliased(packetId, content);
    if (packetId > 0) {
      outstanding.put(packetId, new Outstanding(publish, false));
    }
    say(publish);
  }

  private Said.Publish aliased(int packetId, Content content) {
    int alias =
        accepted && aliasMaximum > 0 && random.nextInt(3) == 0
            ? 1 + random.nextInt(aliasMaximum)
            : 0;
    boolean known = alias > 0 && content.topic().equals(aliases.get(alias));
    if (alias > 0) {
      aliases.put(alias, content.topic());
    }
    return new Said.Publish(packetId, false, alias, !(known && random.nextInt(4) > 0), content);
  }

  /** Returns whether it owes answers. */
  boolean answers() {
    return !answers.isEmpty();
  }

  /** Gives answers that are owed, in order [MQTT-4.6.0-2]. */
  void answer(int most) {
    for (int i = 0; i < most && !answers.isEmpty(); i++) {
      say(answers.remove());
    }
  }

  // -- what it hears

  /** A packet has arrived. */
  void hear(Network.Link from, Packet packet, @Nullable ExpectedCopy copy) {
    if (from != link) {
      from.cut(); // of no use any more
      return;
    }
    switch (packet) {
      case Connack connack -> accepted(connack, from.session());
      case Publish publish when copy != null -> receive(publish, copy);
      case Pubrel pubrel -> {
        received.remove(pubrel.packetId());
        answers.add(new Answer(Answer.PUBCOMP, pubrel.packetId(), false));
      }
      case Puback puback -> outstanding.remove(puback.packetId());
      case Pubrec pubrec -> {
        outstanding.computeIfPresent(
            pubrec.packetId(), (_, sent) -> new Outstanding(sent.publish, true));
        answers.add(new Said.Release(pubrec.packetId()));
      }
      case Pubcomp pubcomp -> outstanding.remove(pubcomp.packetId());
      case Suback suback -> requests.remove(suback.packetId());
      case Unsuback unsuback -> requests.remove(unsuback.packetId());
      default -> {}
    }
  }

  /**
   * A client that was cut off before it could read that its session was new would go on with what
   * it knows of another: of that it is told here.
   */
  private void accepted(Connack connack, @Nullable ExpectedSession session) {
    boolean other = session != known;
    known = session;
    accepted = true;
    aliasMaximum = connack.properties().topicAliasMaximum();
    if (connect != null && connect.clean()) {
      return;
    }
    if (!connack.sessionPresent() || other) {
      forget();
    }
    for (var sent : List.copyOf(outstanding.values())) { // [MQTT-4.4.0-1]
      int packetId = sent.publish.packetId();
      if (sent.released) {
        say(new Said.Release(packetId));
      } else {
        var again = sent.publish.again(isV5());
        outstanding.put(packetId, new Outstanding(again, false));
        say(again);
      }
    }
  }

  private void receive(Publish publish, ExpectedCopy copy) {
    int packetId = publish.packetId();
    boolean fails = isV5() && random.nextInt(40) == 0;
    switch (publish.qos()) {
      case AT_MOST_ONCE -> copy.handedOn++;
      case AT_LEAST_ONCE -> {
        copy.handedOn++;
        answers.add(new Answer(Answer.PUBACK, packetId, fails));
      }
      case EXACTLY_ONCE -> {
        var known = received.get(packetId);
        if (known != null && known != copy) {
          throw new AssertionError(clientId + " has " + known + ", and then " + copy);
        }
        if (known == null && !fails) {
          received.put(packetId, copy);
          if (++copy.handedOn > 1) {
            throw new AssertionError(clientId + " has it twice: " + copy);
          }
        }
        answers.add(new Answer(Answer.PUBREC, packetId, known == null && fails));
      }
    }
  }
}
