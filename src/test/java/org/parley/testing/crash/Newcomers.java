package org.parley.testing.crash;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.Suback;
import org.parley.mqtt.packet.Unsuback;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.SubscribeBytes;

/**
 * Ever new sessions that subscribe, unsubscribe, are owed a message, begin anew, and are left. What
 * was not answered may be so or not.
 */
final class Newcomers implements Client {
  private static final int A_ROUND = 6;
  private static final int FILTERS = 3;
  private static final int END_PATIENCE_MILLIS = 10_000;
  private static final String PROBE = "probe";
  private static final String OWED = "owed";
  private static final String END = "the end";

  /** Whether a subscription is there. */
  private enum There {
    NO,
    YES,
    MAYBE
  }

  /** One session. */
  private static final class Newcomer {
    private final String name;
    private boolean present;
    private final There[] filters = {There.NO, There.NO, There.NO};

    /** Whether the message to the first filter is owed: MAYBE from when it was sent. */
    private There owed = There.NO;

    Newcomer(String name) {
      this.name = name;
    }

    String topic(int filter) {
      return "new/" + name + "/" + filter;
    }
  }

  private final Ledger ledger;
  private final Random random;
  private final List<Newcomer> all = new ArrayList<>();

  Newcomers(Ledger ledger, Random random) {
    this.ledger = ledger;
    this.random = random;
  }

  @Override
  public String name() {
    return "newcomers";
  }

  @Override
  public void run(int port) throws IOException {
    for (int i = 0; i < A_ROUND; i++) {
      var newcomer = new Newcomer("new" + all.size());
      all.add(newcomer);
      live(newcomer, port);
    }
  }

  private void live(Newcomer newcomer, int port) throws IOException {
    try (var line = Line.open(port, ProtocolVersion.V5)) {
      connect(newcomer, line, ConnectBytes.v5(newcomer.name).resume(EXPIRY_SECONDS));
      subscribe(newcomer, line);
      if (random.nextBoolean()) {
        unsubscribe(newcomer, line, random.nextInt(1, FILTERS));
      }
      owe(newcomer, line);
      line.disconnect();
    }
    if (random.nextInt(FILTERS) == 0) {
      anew(newcomer, port);
    }
  }

  private void connect(Newcomer newcomer, Line line, ConnectBytes connect) throws IOException {
    var _ = ledger.connected(newcomer.name, line.connect(connect));
    newcomer.present = true;
  }

  private static void subscribe(Newcomer newcomer, Line line) throws IOException {
    var subscribe = SubscribeBytes.empty();
    for (int i = 0; i < FILTERS; i++) {
      subscribe.and(newcomer.topic(i), 1);
      newcomer.filters[i] = There.MAYBE;
    }
    line.send(1, subscribe);
    var _ = line.next(Suback.class);
    for (int i = 0; i < FILTERS; i++) {
      newcomer.filters[i] = There.YES;
    }
  }

  private static void unsubscribe(Newcomer newcomer, Line line, int filter) throws IOException {
    newcomer.filters[filter] = There.MAYBE;
    line.send(Bytes.packet(0xA2, Bytes.empty().u16(2).varInt(0).string(newcomer.topic(filter))));
    var _ = line.next(Unsuback.class);
    newcomer.filters[filter] = There.NO;
  }

  /** Publishes to itself, and leaves what comes without an answer. */
  private void owe(Newcomer newcomer, Line line) throws IOException {
    newcomer.owed = There.MAYBE;
    line.send(PublishBytes.of(newcomer.topic(0), OWED).qos(1, 3));
    Packet packet = line.next();
    while (packet instanceof Publish) {
      packet = line.next();
    }
    if (!(packet instanceof Puback)) {
      throw new Line.Unexpected(packet);
    }
    newcomer.owed = There.YES;
    ledger.acknowledged();
  }

  /** A Clean Start: the session is another one, and nothing of the former is left. */
  private void anew(Newcomer newcomer, int port) throws IOException {
    try (var line = Line.open(port, ProtocolVersion.V5)) {
      mark(newcomer, There.YES, There.MAYBE);
      line.send(ConnectBytes.v5(newcomer.name).expiry(EXPIRY_SECONDS).toByteArray());
      connected(newcomer, line);
      line.disconnect();
    }
  }

  private void connected(Newcomer newcomer, Line line) throws IOException {
    ledger.renewed(newcomer.name, line.next(Connack.class));
    mark(newcomer, There.MAYBE, There.NO);
  }

  private static void mark(Newcomer newcomer, There from, There to) {
    for (int i = 0; i < FILTERS; i++) {
      newcomer.filters[i] = newcomer.filters[i] == from ? to : newcomer.filters[i];
    }
    newcomer.owed = newcomer.owed == from ? to : newcomer.owed;
  }

  /** Every session comes back, and has all that was acknowledged, and nothing else. */
  void check(int port) throws IOException {
    try (var prober = Line.open(port, ProtocolVersion.V5)) {
      var _ = ledger.connected("prober", prober.connect(ConnectBytes.v5("prober")));
      for (var newcomer : all) {
        if (newcomer.present) {
          check(newcomer, prober, port);
        }
      }
      prober.disconnect();
    }
  }

  private void check(Newcomer newcomer, Line prober, int port) throws IOException {
    try (var line = Line.open(port, ProtocolVersion.V5)) {
      line.patience(END_PATIENCE_MILLIS);
      var _ =
          ledger.connected(
              newcomer.name, line.connect(ConnectBytes.v5(newcomer.name).resume(EXPIRY_SECONDS)));
      line.send(9, SubscribeBytes.of("end/" + newcomer.name, 1));
      var topics = new ArrayList<String>();
      for (int i = 0; i < FILTERS; i++) {
        topics.add(newcomer.topic(i));
      }
      var had = new HashMap<String, Set<String>>();
      var packet = line.next();
      while (!(packet instanceof Suback)) {
        take(had, packet);
        packet = line.next();
      }
      for (var topic : topics) {
        publish(prober, topic, PROBE);
      }
      publish(prober, "end/" + newcomer.name, END);
      while (!take(had, line.next())) {}
      line.disconnect();
      compare(newcomer, had);
    }
  }

  private static void publish(Line prober, String topic, String payload) throws IOException {
    prober.send(PublishBytes.of(topic, payload).qos(1, 1));
    var _ = prober.next(Puback.class);
  }

  /** Returns whether that was the last. */
  private static boolean take(Map<String, Set<String>> had, Packet packet) throws Line.Unexpected {
    if (!(packet instanceof Publish publish)) {
      throw new Line.Unexpected(packet);
    }
    had.computeIfAbsent(publish.topic().text(), _ -> new HashSet<>()).add(Peer.text(publish));
    return Peer.text(publish).equals(END);
  }

  private void compare(Newcomer newcomer, Map<String, Set<String>> had) {
    for (int i = 0; i < FILTERS; i++) {
      var topic = newcomer.topic(i);
      boolean probed = had.getOrDefault(topic, Set.of()).contains(PROBE);
      compare(newcomer.filters[i], probed, Fault.SUBSCRIPTION_LOST, topic);
    }
    boolean paid = had.getOrDefault(newcomer.topic(0), Set.of()).contains(OWED);
    compare(newcomer.owed, paid, Fault.MESSAGE_LOST, "the message of " + newcomer.name);
  }

  private void compare(There expected, boolean there, Fault lost, String what) {
    if (expected == There.YES && !there) {
      ledger.fault(lost, what);
    } else if (expected == There.NO && there) {
      ledger.fault(Fault.COME_BACK, what);
    }
  }
}
