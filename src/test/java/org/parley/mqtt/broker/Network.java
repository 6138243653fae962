package org.parley.mqtt.broker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.mqtt.ServerPacketReader;
import org.parley.testing.mqtt.UnwiredBroker;

/** The broker, the wires to it and time: everything that happens is a move that is asked for. */
final class Network {
  /** What is on the way to a client; without a packet the end of the connection. */
  private record Underway(@Nullable Packet packet, @Nullable ExpectedCopy copy, int bytes) {}

  /** A connection as its client has it. */
  final class Link {
    private final RandomClient client;
    private final ManualWire wire;
    private final ExpectedConnection expected;
    private final ProtocolVersion version;
    private final ArrayDeque<Underway> toClient = new ArrayDeque<>();

    private Link(RandomClient client, ProtocolVersion version) {
      this.client = client;
      this.version = version;
      this.wire = new ManualWire(random, random.nextInt(3) > 0 ? 1 << 20 : 1 + random.nextInt(99));
      this.expected = new ExpectedConnection(model, ++connections);
    }

    void send(Said said) {
      history.add(() -> "client: " + expected + " says " + said);
      wire.send(said, version);
    }

    void end() {
      history.add(() -> "client: " + expected + " ends");
      toClient.clear();
      wire.end();
    }

    void cut() {
      history.add(() -> "client: " + expected + " is cut");
      toClient.clear();
      wire.cut();
    }

    @Nullable ExpectedSession session() {
      return expected.session;
    }

    private void arrive(Said said) {
      history.add(() -> "server: " + expected + " gets " + said);
      expected.arrive(said);
    }

    private void written(byte[] bytes, int length) {
      var packet = ServerPacketReader.read(bytes, version);
      history.add(() -> "server: " + expected + " writes " + History.text(packet));
      var copy = packets.written(expected, packet);
      toClient.add(new Underway(packet, copy, length));
    }

    private void finished() {
      history.add(() -> "server: " + expected + " is ended");
      if (expected.connect != null && !expected.displaced && !expected.over) {
        throw model.fault(expected, "the server ends it without a reason");
      }
      expected.finished = true;
      toClient.add(new Underway(null, null, 0));
    }

    /** Returns whether nothing can come of it any more; its owner may get tasks until then. */
    private boolean isSpent() {
      return wire.isClosed()
          && !canMove()
          && (expected.connect == null || expected.over || expected.finished);
    }

    private boolean canMove() {
      return wire.canMove() || !toClient.isEmpty();
    }

    private void move() {
      if (!toClient.isEmpty() && (!wire.canMove() || random.nextInt(3) == 0)) {
        take();
        return;
      }
      current = expected;
      wire.move();
      current = null;
      expected.drain();
      model.settled();
    }

    private void endRound() {
      current = expected;
      wire.endRound();
      current = null;
      expected.drain();
      model.settled();
    }

    private void take() {
      for (int more = random.nextInt(4); more >= 0 && !toClient.isEmpty(); more--) {
        var next = toClient.remove();
        wire.taken(next.bytes);
        if (next.packet == null) {
          client.ended(this);
        } else {
          client.hear(this, next.packet, next.copy);
        }
      }
    }
  }

  private static final int MOST_MOVES = 100_000;

  private final Random random;
  private final History history;
  private final ExpectedBroker model;
  private final ExpectedPackets packets;
  private final UnwiredBroker broker;
  private final int receiveMaximum;
  private final List<Link> links = new ArrayList<>();
  private final ArrayDeque<Runnable> delayed = new ArrayDeque<>();
  private @Nullable ExpectedConnection current;
  private int connections;

  Network(Random random, History history, Map<Sighting, Integer> seen) {
    this.random = random;
    this.history = history;
    model = new ExpectedBroker(seen);
    packets = new ExpectedPackets(model);
    receiveMaximum = random.nextBoolean() ? 3 : 1024;
    int aliases = random.nextInt(4);
    broker =
        UnwiredBroker.start(
            options -> {
              options.receiveMaximum = receiveMaximum;
              options.topicAliasMaximum = aliases;
              options.maximumKeepAlive = 65_535;
              options.connectTimeout = Duration.ofDays(1);
            },
            (_, task) -> delayed.add(task),
            told ->
                (command, events) -> {
                  history.add(() -> "log: " + command.getClass().getSimpleName());
                  model.applied(command, current);
                  told.applied(command, events);
                });
    model.now = broker.clock().millis();
  }

  int receiveMaximum() {
    return receiveMaximum;
  }

  Link open(RandomClient client, Said.Connect connect) {
    var link = new Link(client, connect.version());
    links.add(link);
    link.wire.open(broker.broker(), link::arrive, link::written, link::finished);
    link.send(connect);
    return link;
  }

  /** Makes one move, if there is one. */
  boolean move() {
    if (!delayed.isEmpty() && random.nextInt(4) == 0) {
      delayed.remove().run();
      return true;
    }
    links.removeIf(Link::isSpent);
    int first = links.isEmpty() ? 0 : random.nextInt(links.size());
    for (int i = 0; i < links.size(); i++) {
      var link = links.get((first + i) % links.size());
      if (link.canMove()) {
        link.move();
        return true;
      }
    }
    if (!delayed.isEmpty()) {
      delayed.remove().run();
      return true;
    }
    return false;
  }

  /** Goes on until nothing can move; clients say nothing new but answers if they are to. */
  void settle(List<RandomClient> answering) {
    for (int moves = 0; ; moves++) {
      answering.forEach(client -> client.answer(1));
      if (!move() && !answering.stream().anyMatch(RandomClient::answers)) {
        break;
      }
      if (moves > MOST_MOVES) {
        throw new AssertionError("it never comes to rest");
      }
    }
    if (broker.state().sessionCount() != model.routing.sessions.size()
        || broker.state().retainedCount() != model.routing.retained.size()) {
      throw new AssertionError(
          "sessions %s, %d retained; there are %d and %d"
              .formatted(
                  model.routing.sessions.keySet(),
                  model.routing.retained.size(),
                  broker.state().sessionCount(),
                  broker.state().retainedCount()));
    }
    for (var link : links) {
      if (!link.expected.isQuiet()) {
        throw model.fault(
            link.expected, "not acted upon, or not answered: " + link.expected.owed());
      }
    }
  }

  /** Clients close the connections that they have left alone. */
  void tidy() {
    for (var link : links) {
      if (!link.client.uses(link)) {
        link.cut();
      }
    }
  }

  /** Time passes. */
  void pass(Duration by) {
    links.forEach(Link::endRound);
    history.add(() -> "time: " + by);
    model.pass(broker.clock().millis() + by.toMillis());
    broker.advance(by);
    model.settled();
  }

  /** Returns the clients that have a session and are away. */
  boolean isAway(String clientId) {
    var session = model.routing.sessions.get(clientId);
    return session != null && session.connection == null;
  }

  /** All that was owed has arrived. */
  void finish() {
    model.finished();
  }
}
