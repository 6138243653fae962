package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.pcp.broker.BrokerFixture.peer;
import static org.parley.pcp.broker.BrokerFixture.query;
import static org.parley.pcp.broker.BrokerFixture.to;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.core.CloseReason;
import org.parley.core.Crew;
import org.parley.session.ClientSession;
import org.parley.session.ClientUri;
import org.parley.session.InventoryChange;
import org.parley.session.InventoryTally;

/**
 * Connects, supersedes, closes, sends and subscribes on many threads at once; when all is quiet,
 * what peers were told must add up to what is.
 */
class BrokerStormTest {
  private static final int CHURNERS = 3;
  private static final int SENDERS = 2;
  private static final int SUBSCRIBERS = 2;
  private static final int CLIENTS = 6;
  private static final int ROUNDS = 1_500;

  private final BrokerFixture fixture = new BrokerFixture();
  private final Queue<ClientSession> everConnected = new ConcurrentLinkedQueue<>();
  private final Queue<ClientSession> handedOver = new ConcurrentLinkedQueue<>();
  private final Set<ClientSession> gone = ConcurrentHashMap.newKeySet();
  private final Queue<String> sentIds = new ConcurrentLinkedQueue<>();
  private final List<ClientSession> senders = new ArrayList<>();
  private final List<ClientSession> subscribers = new ArrayList<>();
  private final AtomicInteger working = new AtomicInteger(CHURNERS + SENDERS + SUBSCRIBERS);

  private ClientSession connect(String commonName, String clientType) {
    var session = fixture.connect(commonName, clientType);
    everConnected.add(session);
    return session;
  }

  /** Connections of few URIs that come and go; a few of them subscribe and are ended meanwhile. */
  private void churn(SplittableRandom random) {
    var mine = new ArrayList<ClientSession>();
    for (int i = 0; i < ROUNDS; i++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> mine.add(connect("c" + random.nextInt(CLIENTS), "controller"));
        case 2 -> pick(mine, random).ifPresent(this::lose);
        case 3 ->
            pick(mine, random)
                .ifPresent(
                    session -> {
                      handedOver.add(session);
                      fixture.broker.receive(session, query(true, "pcp://*/*"));
                    });
        default -> {
          var session = handedOver.poll();
          if (session != null) {
            fixture.broker.end(session, CloseReason.IDLE);
            lose(session);
          }
        }
      }
    }
  }

  private static Optional<ClientSession> pick(List<ClientSession> mine, SplittableRandom random) {
    return mine.isEmpty()
        ? Optional.empty()
        : Optional.of(mine.remove(random.nextInt(mine.size())));
  }

  private void lose(ClientSession session) {
    gone.add(session);
    fixture.broker.disconnected(session);
  }

  private void send(ClientSession sender, int number, SplittableRandom random) {
    for (int i = 0; i < ROUNDS; i++) {
      var id = "%08d-0000-4000-8000-%012d".formatted(number, i);
      var target =
          random.nextInt(4) == 0
              ? senders.get(random.nextInt(SENDERS)).uri().toString()
              : "pcp://c" + random.nextInt(CLIENTS) + "/controller";
      sentIds.add(id);
      fixture.broker.receive(
          sender, "{\"id\":\"" + id + "\",\"message_type\":\"ping\"" + to(target) + "}");
    }
  }

  /** Subscribes again and again, and once more at the end. */
  private void subscribe(ClientSession subscriber, SplittableRandom random) {
    for (int i = 0; i < ROUNDS / 10; i++) {
      fixture.broker.receive(subscriber, query(random.nextInt(4) > 0, "pcp://*/*"));
    }
    fixture.broker.receive(subscriber, query(true, "pcp://*/*"));
  }

  private void work(int thread, SplittableRandom random) {
    if (thread < CHURNERS) {
      churn(random);
    } else if (thread < CHURNERS + SENDERS) {
      int number = thread - CHURNERS;
      send(senders.get(number), number, random);
    } else {
      subscribe(subscribers.get(thread - CHURNERS - SENDERS), random);
    }
  }

  private void storm(long seed) {
    fixture.recordsActions = false;
    for (int i = 0; i < SENDERS; i++) {
      senders.add(connect("sender" + i, "agent"));
    }
    for (int i = 0; i < SUBSCRIBERS; i++) {
      subscribers.add(connect("subscriber" + i, "controller"));
    }
    Crew.run(
        CHURNERS + SENDERS + SUBSCRIBERS + 1,
        thread -> {
          if (thread == CHURNERS + SENDERS + SUBSCRIBERS) {
            while (working.get() > 0) {
              fixture.inventory.sendUpdates();
            }
            return;
          }
          try {
            work(thread, new SplittableRandom(seed * 100 + thread));
          } finally {
            working.decrementAndGet();
          }
        });
    fixture.inventory.sendUpdates();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void givenStorm_whenAllIsQuiet_thenWhatPeersWereToldAddsUp(long seed) {
    storm(seed);

    assertThat(fixture.registry.sessions())
        .as("the inventory is the open connections")
        .containsExactlyInAnyOrderElementsOf(open());
    assertEachMessageEndedOnce();
    for (var subscriber : subscribers) {
      assertThat(believedBy(subscriber))
          .as("what %s was told", subscriber)
          .isEqualTo(
              fixture.registry.sessions().stream()
                  .map(ClientSession::uri)
                  .collect(Collectors.toSet()));
    }
    assertThat(fixture.inventory.subscriptions())
        .as("subscriptions of open connections")
        .isLessThanOrEqualTo(open().size());
    open().forEach(fixture.broker::disconnected);
    assertThat(fixture.inventory.subscriptions()).isZero();
    assertCountersAddUp();
  }

  private List<ClientSession> open() {
    return everConnected.stream()
        .filter(session -> session.connection().closedFor().isEmpty() && !gone.contains(session))
        .toList();
  }

  private void assertEachMessageEndedOnce() {
    var ends = new HashMap<String, Integer>();
    for (var session : everConnected) {
      for (var text : peer(session).sent()) {
        var message = parse(text);
        switch (message.getString("message_type")) {
          case "ping" -> ends.merge(message.getString("id"), 1, Integer::sum);
          case "http://puppetlabs.com/error_message" -> {
            assertThat(message.getString("data")).isEqualTo("Not connected.");
            ends.merge(message.getString("in_reply_to"), 1, Integer::sum);
          }
          default -> {} // inventory
        }
      }
    }
    assertThat(ends)
        .as("every message is delivered once or answered by one error")
        .isEqualTo(sentIds.stream().collect(Collectors.toMap(id -> id, _ -> 1)));
  }

  private void assertCountersAddUp() {
    long ended = fixture.counters.endings().values().stream().mapToLong(n -> n).sum();
    assertThat(fixture.counters.associations())
        .isEqualTo(fixture.counters.supersessions() + fixture.counters.disassociations() + ended);
    assertThat(fixture.registry.size()).isZero();
  }

  /** What a peer that adds up its responses and updates takes for the inventory. */
  private static Set<ClientUri> believedBy(ClientSession subscriber) {
    var tally = new InventoryTally(List.of());
    for (var text : peer(subscriber).sent()) {
      var message = parse(text);
      var data = message.getJsonObject("data");
      if (message.getString("message_type").endsWith("inventory_response")) {
        tally =
            new InventoryTally(
                data.getJsonArray("uris").getValuesAs(JsonString.class).stream()
                    .map(uri -> uri(uri.getString()))
                    .toList());
      } else {
        tally.add(
            data.getJsonArray("changes").getValuesAs(JsonObject.class).stream()
                .map(BrokerStormTest::change)
                .toList());
      }
    }
    return tally.clients();
  }

  private static InventoryChange change(JsonObject change) {
    return new InventoryChange(
        uri(change.getString("client")),
        change.getInt("change") == 1
            ? InventoryChange.Kind.ASSOCIATED
            : InventoryChange.Kind.DISASSOCIATED);
  }

  private static ClientUri uri(String text) {
    var parts = text.substring("pcp://".length()).split("/", -1);
    return new ClientUri(parts[0], parts[1]);
  }

  private static JsonObject parse(String text) {
    try (var reader = Json.createReader(new StringReader(text))) {
      return reader.readObject();
    }
  }
}
