package org.parley.fault;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.mqtt.ConnectBytes;

/**
 * The well-behaved: half of them speak MQTT, two fifths of these publish; half speak PCP, a fifth
 * of these are controllers. Each has a cable of its own.
 */
final class Fleet {
  private static final int SUBSCRIBED_SECONDS = 120;
  private static final int WORDS = 3;

  private final Site site;
  private final Situation situation;
  private final Random random;
  private final Books books = new Books();
  private final List<Cable> cables = new ArrayList<>();
  private final List<MqttPublisher> publishers = new ArrayList<>();
  private final List<MqttSubscriber> subscribers = new ArrayList<>();
  private final List<PcpAgent> agents = new ArrayList<>();
  private final List<PcpController> controllers = new ArrayList<>();
  private final List<Thread> publishing = new ArrayList<>();
  private final List<Thread> others = new ArrayList<>();

  Fleet(Site site, Situation situation, int clients, long seed) throws IOException {
    this.site = site;
    this.situation = situation;
    this.random = new Random(seed);
    int half = clients / 2;
    int publishing = Math.max(1, half * 2 / 5);
    for (int i = 0; i < publishing; i++) {
      var cable = cable(site.port(Transport.of(i)));
      var tls = site.tls("fault-publisher-" + i);
      publishers.add(new MqttPublisher(i, tls, cable, books, situation, random.nextLong()));
    }
    for (int i = 0; i < half - publishing; i++) {
      var heard = new TreeSet<Integer>();
      for (int word = 0; word < WORDS; word++) {
        heard.add((i + word * (i + 1)) % publishing);
      }
      var cable = cable(site.port(Transport.of(i)));
      var tls = site.tls("fault-subscriber-" + i);
      subscribers.add(
          new MqttSubscriber(
              i, List.copyOf(heard), tls, cable, books, situation, random.nextLong()));
    }
    for (int i = 0; i < half * 4 / 5; i++) {
      var tls = site.tls(PcpAgent.name(i));
      agents.add(new PcpAgent(i, tls, cable(site.httpsPort()), situation, random.nextLong()));
    }
    for (int i = 0; i < half - half * 4 / 5; i++) {
      var tls = site.tls(PcpController.name(i));
      controllers.add(
          new PcpController(i, agents, tls, cable(site.httpsPort()), situation, random.nextLong()));
    }
  }

  private Cable cable(int port) throws IOException {
    var cable = Cable.to(port);
    cables.add(cable);
    return cable;
  }

  Books books() {
    return books;
  }

  /** Returns some of the cables. */
  List<Cable> some(Random chosen, int count) {
    return chosen.ints(count, 0, cables.size()).distinct().mapToObj(cables::get).toList();
  }

  /** Connects all; publishers begin when all subscriptions stand. */
  void begin() throws InterruptedException {
    for (var subscriber : subscribers) {
      start(others, subscriber, subscriber.name);
      start(others, subscriber::ping, subscriber.name);
    }
    for (var agent : agents) {
      start(others, agent, agent.name);
      start(others, agent::ping, agent.name);
    }
    for (var controller : controllers) {
      start(others, controller, controller.name);
      start(others, controller::ping, controller.name);
      start(others, controller::ask, controller.name);
    }
    for (var subscriber : subscribers) {
      if (!subscriber.awaitSubscribed(SUBSCRIBED_SECONDS)) {
        throw new IllegalStateException(subscriber.name + " cannot subscribe");
      }
    }
    publishers.forEach(publisher -> start(publishing, publisher, publisher.name));
  }

  private static void start(List<Thread> threads, Runnable work, String name) {
    threads.add(Thread.ofVirtual().name(name).start(work));
  }

  /** Returns who has no connection. */
  Set<String> absent() {
    var all = new ArrayList<GoodClient>(subscribers);
    all.addAll(publishers);
    all.addAll(agents);
    all.addAll(controllers);
    return all.stream()
        .filter(client -> client.connection() == 0)
        .map(client -> client.name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Publishers bring to an end what they have begun; then everything must be there. */
  void settle(int seconds) throws InterruptedException {
    situation.lastCall().countDown();
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    for (var thread : publishing) {
      var _ = thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
    }
    while (System.nanoTime() - end < 0 && !(books.missing().isEmpty() && inventories().isEmpty())) {
      situation.pause(500);
    }
    publishers.stream()
        .filter(publisher -> !publisher.done())
        .forEach(
            publisher -> situation.findings().add(publisher.name + " does not come to an end"));
    books.missing().forEach(lost -> situation.findings().add("lost: " + lost));
    inventories().forEach(situation.findings()::add);
    controllers.forEach(PcpController::settle);
  }

  /** Returns what is wrong with what controllers know of the inventory. */
  private List<String> inventories() {
    var all = agents.stream().map(agent -> agent.uri).collect(Collectors.toSet());
    var wrong = new ArrayList<String>();
    for (var controller : controllers) {
      var known = new TreeSet<>(controller.inventory());
      var lacking = new TreeSet<>(all);
      lacking.removeAll(known);
      known.removeAll(all);
      known.removeIf(uri -> !uri.startsWith("pcp://fault-agent-"));
      if (!lacking.isEmpty() || !known.isEmpty()) {
        wrong.add("the inventory of " + controller.name + " lacks " + lacking + ", has " + known);
      }
    }
    return wrong;
  }

  /** All leave, and their sessions are given up. */
  void end() throws IOException, InterruptedException {
    situation.over().countDown();
    for (var cable : cables) {
      cable.close();
    }
    for (var thread : others) {
      thread.join();
    }
    for (var name :
        Stream.concat(
                publishers.stream().map(client -> client.name),
                subscribers.stream().map(client -> client.name))
            .toList()) {
      // its owner may be known by a certificate: a session belongs to a Client Identifier alone
      try (var line =
          MqttLine.open(Transport.TCP, site.mqttPort(), site.tls("any"), ProtocolVersion.V5)) {
        var _ = line.connect(ConnectBytes.v5(name));
        line.disconnect();
      }
    }
  }

  @Override
  public String toString() {
    long answered = controllers.stream().mapToLong(PcpController::answered).sum();
    long errors = controllers.stream().mapToLong(PcpController::errors).sum();
    return books + "; PCP: requests answered " + answered + ", answered by an error " + errors;
  }
}
