package org.parley.fault;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.parley.testing.V2;

/** Asks agents, hears the inventory, and judges what has become of its requests. */
final class PcpController extends PcpClient {
  /** After so long a request must have its answer. */
  private static final long JUDGED = TimeUnit.SECONDS.toNanos(60);

  private static final int PAUSE_MILLIS = 500;

  private final List<PcpAgent> agents;
  private final Map<Integer, Request> requests = new ConcurrentHashMap<>();
  private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
  private final Set<String> inventory = ConcurrentHashMap.newKeySet();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private int last;

  /** Asked while the connections with these numbers stood. */
  private record Request(String id, PcpAgent agent, int agents, int own, long sent, boolean error) {
    Request failed() {
      return new Request(id, agent, agents, own, sent, true);
    }
  }

  PcpController(
      int number,
      List<PcpAgent> agents,
      SSLContext tls,
      Cable cable,
      Situation situation,
      long seed) {
    super(name(number), "controller", false, tls, cable, situation, seed);
    this.agents = agents;
  }

  static String name(int number) {
    return "fault-controller-" + number;
  }

  long answered() {
    return answered.get();
  }

  long errors() {
    return errors.get();
  }

  @Override
  void begin(PcpLine line) throws IOException {
    inventory.clear();
    line.send(
        V2.id(),
        V2.INVENTORY_REQUEST,
        "pcp:///server",
        "{\"query\":[\"pcp://*/agent\"],\"subscribe\":true}");
  }

  /** Asks now and then; for a thread of its own. */
  void ask() {
    while (!situation.isOver()) {
      situation.pause(random.nextInt(PAUSE_MILLIS));
      requests.values().removeIf(this::judged);
      var line = current();
      if (line != null && !situation.isLastCall()) {
        var agent = agents.get(random.nextInt(agents.size()));
        ask(line, agent);
      }
    }
  }

  private void ask(PcpLine line, PcpAgent agent) {
    int number = ++last;
    var id = V2.id();
    requests.put(
        number, new Request(id, agent, agent.connection(), connection(), System.nanoTime(), false));
    numbers.put(id, number);
    try {
      line.send(id, REQUEST, agent.uri, "{\"number\":" + number + "}");
    } catch (IOException _) {
      // the reader sees it, too
    }
  }

  /** Returns whether nothing more is waited for. */
  private boolean judged(Request request) {
    long age = System.nanoTime() - request.sent;
    if (age < JUDGED) {
      return false;
    }
    numbers.remove(request.id);
    if (owed(request)) {
      situation
          .findings()
          .add(
              name
                  + " has "
                  + (request.error ? "an error" : "no answer")
                  + " for a request to "
                  + request.agent.uri);
    }
    return true;
  }

  /** Returns whether both were there all the time. */
  private boolean owed(Request request) {
    return request.own != 0
        && request.agents != 0
        && connection() == request.own
        && request.agent.connection() == request.agents
        && !cable.disturbedSince(request.sent)
        && !request.agent.cable.disturbedSince(request.sent);
  }

  /** Judges what is left, after a time without disturbance. */
  void settle() {
    for (var request : requests.values()) {
      if (owed(request)) {
        situation.findings().add(name + " has no answer for a request to " + request.agent.uri);
      }
    }
  }

  /** Returns who it thinks is connected. */
  Set<String> inventory() {
    return Set.copyOf(inventory);
  }

  @Override
  void hear(PcpLine line, PcpLine.Message message) {
    switch (message.type()) {
      case RESPONSE -> {
        int number = message.data().orElseThrow().getInt("number");
        var request = requests.remove(number);
        if (request != null) {
          numbers.remove(request.id);
          answered.incrementAndGet();
        }
      }
      case V2.ERROR -> {
        errors.incrementAndGet();
        var number = numbers.get(message.inReplyTo());
        if (number != null) {
          requests.computeIfPresent(number, (_, request) -> request.failed());
        }
      }
      case V2.INVENTORY_RESPONSE ->
          message
              .data()
              .orElseThrow()
              .getJsonArray("uris")
              .getValuesAs(JsonString::getString)
              .forEach(inventory::add);
      case V2.INVENTORY_UPDATE ->
          message
              .data()
              .orElseThrow()
              .getJsonArray("changes")
              .getValuesAs(JsonObject.class)
              .forEach(this::change);
      default -> throw new AssertionError("unasked: " + message);
    }
  }

  private void change(JsonObject change) {
    var client = change.getString("client");
    if (change.getInt("change") > 0) {
      inventory.add(client);
    } else {
      inventory.remove(client);
    }
  }
}
