package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.parley.testing.TestPki;
import org.parley.testing.V2;
import org.parley.testing.Wire;

/**
 * 300 clients of both versions that connect, leave in every way, take each other's place, send and
 * subscribe, for a minute, by a seed; then everything must add up.
 */
class StormIT {
  private static final TestPki PKI = ServerProcess.PKI;
  private static final long SEED = Long.getLong("parley.it.storm.seed", 20_261_122L);
  private static final Duration LENGTH =
      Duration.ofSeconds(Integer.getInteger("parley.it.storm.seconds", 60));
  private static final Duration QUIET = Duration.ofSeconds(60);

  /** Connected from the first to the last moment: what they send is accounted for exactly. */
  private static final int STEADY = 90;

  /** Leave by closing handshakes, or are superseded: what they are sent is accounted for too. */
  private static final int POLITE = 120;

  /** Cut their connections: what was under way to them then nobody can tell. */
  private static final int BRITTLE = 80;

  private static final int SUBSCRIBERS = 10;
  private static final int NEVER_THERE = 10;
  private static final String RESPONSE = V2.INVENTORY_RESPONSE;

  private final StormLedger ledger = new StormLedger();
  private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger supersessions = new AtomicInteger();
  private final AtomicInteger connects = new AtomicInteger();
  private final Set<String> openAtTheEnd = ConcurrentHashMap.newKeySet();

  /** Counts what a subscriber is told, and keeps the last response that it asked for. */
  private static final class Watcher implements StormPeer.Ear {
    final Map<String, Integer> sums = new ConcurrentHashMap<>();
    final AtomicInteger responses = new AtomicInteger();
    volatile Set<String> last = Set.of();

    @Override
    public void message(String id) {
      throw new AssertionError("nobody sends to a subscriber");
    }

    @Override
    public void error(String id) {
      throw new AssertionError("a subscriber was answered by an error");
    }

    @Override
    public void broker(String type, JsonObject data) {
      if (type.equals(RESPONSE)) {
        last =
            data.getJsonArray("uris").getValuesAs(JsonString::getString).stream()
                .collect(Collectors.toCollection(TreeSet::new));
        if (responses.getAndIncrement() == 0) {
          last.forEach(uri -> sums.merge(uri, 1, Integer::sum));
        }
        return;
      }
      for (var change : data.getJsonArray("changes").getValuesAs(JsonObject.class)) {
        sums.merge(change.getString("client"), change.getInt("change"), Integer::sum);
      }
    }

    Set<String> present() {
      assertThat(sums.values()).allMatch(sum -> sum == 0 || sum == 1);
      return sums.entrySet().stream()
          .filter(entry -> entry.getValue() == 1)
          .map(Map.Entry::getKey)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** Writes down what it hears. */
  private final class Recorder implements StormPeer.Ear {
    @Override
    public void message(String id) {
      ledger.delivered(id);
    }

    @Override
    public void error(String id) {
      ledger.answered(id);
    }

    @Override
    public void broker(String type, JsonObject data) {
      throw new AssertionError("not asked for: " + type);
    }
  }

  @Test
  void givenThreeHundredClients_whenTheyStorm_thenEverythingAddsUp() throws Exception {
    var settings =
        Map.of(
            "PARLEY_PCP_CONTROLLERS", "storm-watch*",
            "PARLEY_PCP_DUEL_BURST", "0",
            // On a busy machine the usual times would cut those who only wait for their turn.
            "PARLEY_WEBSOCKET_CLOSE_TIMEOUT", "30s",
            "PARLEY_WEBSOCKET_WRITE_TIMEOUT", "60s");
    try (var server = ServerProcess.start("parley-storm", settings);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var watchers = watch(server);
      var actors = new ArrayList<Callable<Void>>();
      for (int i = 0; i < STEADY + POLITE + BRITTLE; i++) {
        actors.add(new Actor(i, server));
      }
      var _ = threads.submit(() -> over.await(LENGTH.toMillis(), TimeUnit.MILLISECONDS) || end());
      for (var result : threads.invokeAll(actors)) {
        result.get();
      }

      check(watchers);
    }
  }

  private boolean end() {
    over.countDown();
    return true;
  }

  private Map<StormPeer, Watcher> watch(ServerProcess server) throws IOException {
    var watchers = new ConcurrentHashMap<StormPeer, Watcher>();
    for (int i = 0; i < SUBSCRIBERS; i++) {
      var name = "storm-watch" + i;
      var uri = "pcp://" + name + "/controller";
      var watcher = new Watcher();
      var peer =
          Objects.requireNonNull(
              StormPeer.connect(wire(server, name), i % 2 == 0, uri, watcher, faults::add));
      watchers.put(peer, watcher);
      openAtTheEnd.add(uri);
      assertThat(ask(peer, true)).isTrue();
    }
    return watchers;
  }

  private boolean ask(StormPeer peer, boolean subscribe) {
    var query = "{\"query\":[\"pcp://*/*\"],\"subscribe\":%s}".formatted(subscribe);
    return peer.send(nextId(), V2.INVENTORY_REQUEST, "pcp:///server", query);
  }

  private String nextId() {
    return V2.id(numbers.incrementAndGet());
  }

  private static Wire wire(ServerProcess server, String commonName) {
    return Wire.tls(server.httpsPort(), PKI.sslContext(PKI.client(commonName)))
        .deadline(Duration.ofSeconds(60));
  }

  private void check(Map<StormPeer, Watcher> watchers) {
    await()
        .atMost(QUIET)
        .untilAsserted(
            () -> {
              assertThat(faults).isEmpty();
              assertThat(ledger.missing()).isEmpty();
              for (var watcher : watchers.values()) {
                assertThat(watcher.present()).isEqualTo(new TreeSet<>(openAtTheEnd));
              }
            });
    assertThat(ledger.twice()).isEmpty();
    watchers.forEach(
        (peer, watcher) -> {
          int before = watcher.responses.get();
          assertThat(ask(peer, false)).isTrue();
          await().atMost(QUIET).until(() -> watcher.responses.get() > before);
          assertThat(watcher.last).isEqualTo(new TreeSet<>(openAtTheEnd));
        });
    System.out.printf(
        "storm: seed %d, %d connects, %d supersessions, %d messages (%d to be accounted for),"
            + " %d delivered, %d answered by an error%n",
        SEED,
        connects.get(),
        supersessions.get(),
        ledger.sent(),
        ledger.owed(),
        ledger.delivered(),
        ledger.answered());
    // A storm, not a breeze: in a quiet one nothing of this would be shown.
    assertThat(ledger.delivered()).isGreaterThan(1_000);
    assertThat(ledger.answered()).isGreaterThan(100);
    assertThat(supersessions.get()).isGreaterThan(20);
  }

  /** One client: what it does is decided by its own random numbers. */
  private final class Actor implements Callable<Void> {
    private final int number;
    private final Random random;
    private final String uri;
    private final Wire wire;
    private @Nullable StormPeer peer;

    Actor(int number, ServerProcess server) {
      this.number = number;
      this.random = new Random(SEED + number);
      this.uri = uri(number);
      this.wire = wire(server, name(number));
    }

    @Override
    public Void call() throws Exception {
      boolean steady = number < STEADY;
      if (steady) {
        connect();
      }
      while (!over.await(50L + random.nextInt(steady ? 200 : 1_500), TimeUnit.MILLISECONDS)) {
        switch (steady ? 9 : random.nextInt(10)) {
          case 0, 1 -> connect();
          case 2 -> supersede();
          case 3 -> leave();
          default -> send(steady);
        }
      }
      var last = peer;
      if (last != null) {
        openAtTheEnd.add(uri);
      }
      return null;
    }

    private void connect() throws IOException {
      if (peer == null) {
        peer = StormPeer.connect(wire, random.nextBoolean(), uri, new Recorder(), faults::add);
        connects.incrementAndGet();
        assertThat(peer).as(uri).isNotNull();
      }
    }

    private void supersede() throws Exception {
      var old = peer;
      peer = null;
      connect();
      if (old != null) {
        supersessions.incrementAndGet();
        assertThat(old.awaitEnd(QUIET)).as(uri).isTrue();
        assertThat(faults).isEmpty();
        assertThat(old.closeCode()).as(uri).isEqualTo(4000);
      }
    }

    private void leave() throws Exception {
      var leaving = peer;
      if (leaving == null) {
        return;
      }
      peer = null;
      int how = number < STEADY + POLITE ? 0 : random.nextInt(3);
      switch (how) {
        case 0 -> leaving.closeInOrder();
        case 1 -> leaving.abort();
        default -> leaving.drop();
      }
      assertThat(leaving.awaitEnd(QUIET)).as(uri).isTrue();
    }

    private void send(boolean steady) {
      var sender = peer;
      for (int i = random.nextInt(8); sender != null && i >= 0; i--) {
        int to = random.nextInt(STEADY + POLITE + BRITTLE + NEVER_THERE);
        boolean brittle = to >= STEADY + POLITE && to < STEADY + POLITE + BRITTLE;
        var id = nextId();
        ledger.sent(id, uri(to), steady && !brittle);
        sender.send(id, "storm", uri(to), data());
      }
    }

    private String data() {
      return IntStream.range(0, random.nextInt(200))
          .mapToObj(Integer::toString)
          .collect(Collectors.joining(",", "[", "]"));
    }
  }

  private static String name(int number) {
    return "storm" + number;
  }

  private static String uri(int number) {
    return "pcp://" + name(number) + "/storm";
  }
}
