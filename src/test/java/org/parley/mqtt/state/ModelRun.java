package org.parley.mqtt.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.RetainHandling;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.packet.Will;
import org.parley.mqtt.routing.TopicFilter;
import org.parley.mqtt.state.StateLimits.Overflow;

/**
 * The machine beside a naive model, in one sequence by a seed: random clients, all commands, a
 * clock that is moved, restarts. Both must tell the same events about each; a second machine, the
 * twin, must tell the same as the first, and have the same rows.
 */
public final class ModelRun {
  /** Where the rows of the machine are kept. */
  public interface Keeping {
    /** Returns what hears the changes; another one after each restart. */
    StateChanges changes();

    /** Hears that a command was applied: what it has changed may be written. */
    default void applied(long now) {}

    /** Closes and opens what keeps the rows; returns all that is there then. */
    RecordedRows reopen(long now);
  }

  /** Keeps them in memory. */
  public static final class InMemory implements Keeping {
    private RecordedRows rows = new RecordedRows();

    @Override
    public StateChanges changes() {
      return rows;
    }

    @Override
    public RecordedRows reopen(long now) {
      var before = rows;
      rows = new RecordedRows();
      before.replay(rows);
      return before;
    }
  }

  private static final String[] CLIENTS = {"a", "b", "c", "d"};
  private static final String[] TOPICS = {"x", "x/y", "x/z", "y", "$s/x"};
  private static final List<TopicFilter> FILTERS =
      List.of(
          filter("x"),
          filter("x/#"),
          filter("+"),
          filter("#"),
          filter("x/+"),
          filter("$s/+"),
          filter("$share/g/x/+"),
          filter("$share/g/#"),
          filter("$share/h/x"));

  private static final MessageProperties LARGE =
      new MessageProperties(
          OptionalInt.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of(BinaryData.of(new byte[500])),
          List.of());

  private static TopicFilter filter(String text) {
    return TopicFilter.parse(text).orElseThrow();
  }

  private final Random random;
  private final Keeping keeping;
  private RecordedRows twinRows = new RecordedRows();
  private StateMachine machine;
  private StateMachine twin;
  private final NaiveBroker model;
  private final StateLimits limits;
  private final List<SimulatedClient> clients = new ArrayList<>();
  private final ArrayDeque<Command> answers = new ArrayDeque<>();
  private long now = 1_000_000_000_000L;
  private long connections;
  private int messages;

  /**
   * @param keeping has the rows of the machine; those of its twin are in memory
   */
  ModelRun(long seed, Keeping keeping) {
    this.keeping = keeping;
    random = new Random(seed);
    limits =
        new StateLimits(
            3 + random.nextInt(2),
            3 + random.nextInt(8),
            random.nextBoolean() ? 1_000 : 100_000,
            pick(Overflow.values()),
            2 + random.nextInt(5),
            1 + random.nextInt(4),
            random.nextBoolean() ? 500 : 100_000,
            Long.MAX_VALUE,
            random.nextBoolean() ? 6 : 100);
    machine = new StateMachine(limits, keeping.changes());
    twin = new StateMachine(limits, twinRows);
    model = new NaiveBroker(limits);
    var started = new TreeMap<String, String>();
    for (var name : CLIENTS) {
      clients.add(new SimulatedClient(name, random, started));
    }
  }

  private <T> T pick(T[] all) {
    return all[random.nextInt(all.length)];
  }

  void step() {
    now += random.nextInt(3) == 0 ? random.nextInt(3_000) : 0;
    Command command;
    if (random.nextInt(100) == 0) {
      restart();
      command = new Command.Restart();
    } else {
      command = answers.isEmpty() ? randomCommand() : answers.poll();
    }
    var events = machine.apply(now, command);
    keeping.applied(now);
    var expected = EventText.sorted(model.apply(now, command));
    var found = EventText.of(events);
    if (!EventText.sorted(found).equals(expected)) { // to build no text for each step
      assertThat(EventText.sorted(found)).as("%s", command).isEqualTo(expected);
    }
    if (!EventText.of(twin.apply(now, command)).equals(found)) {
      throw new AssertionError("not the same twice: " + command);
    }
    if (command instanceof Command.Detach detach) {
      client(detach.clientId()).end(detach.epoch());
    }
    for (var event : events) {
      hear(event);
    }
    checkLimits();
  }

  /** What is not in the rows is gone. */
  private void restart() {
    var kept = keeping.reopen(now);
    if (!kept.toString().equals(twinRows.toString())) {
      assertThat(kept.toString()).isEqualTo(twinRows.toString());
    }
    machine = restored(keeping.changes(), kept);
    twinRows = new RecordedRows();
    kept.replay(twinRows);
    twin = restored(twinRows, kept);
    answers.clear();
    for (var client : clients) {
      var session = machine.session(client.clientId);
      if (session instanceof SessionState state) {
        client.restart(state.queue().all(), state.queue().nextSequence());
      } else {
        client.restart(List.of(), 0);
      }
    }
  }

  private StateMachine restored(StateChanges to, RecordedRows from) {
    var machine = new StateMachine(limits, to);
    var restoration = machine.restoration();
    from.replay(restoration);
    restoration.end();
    assertThat(restoration.orphans()).isZero();
    return machine;
  }

  private void hear(Event event) {
    var told = new ArrayList<Command>();
    for (var client : clients) {
      client.tell(event, now, told);
    }
    answers.addAll(told);
    if (event instanceof Event.WillDue due) {
      answers.add(
          random.nextInt(4) == 0
              ? new Command.DropWill(due.id())
              : new Command.PublishWill(due.id()));
    }
  }

  private void checkLimits() {
    int online = 0;
    int subscriptions = 0;
    for (var session : machine.sessions()) {
      online += session.online() ? 1 : 0;
      subscriptions += session.subscriptions();
      check(session.queued() <= limits.queuedMessages());
      check(session.queuedBytes() <= limits.queuedBytes());
      check(session.subscriptions() <= limits.subscriptions());
    }
    check(machine.onlineCount() == online);
    check(machine.subscriptionCount() == subscriptions);
    check(machine.sessionCount() <= limits.sessions());
    check(machine.sessionCount() == model.sessions.size());
    check(machine.retainedCount() <= limits.retainedMessages());
    check(machine.retainedBytes() <= limits.retainedBytes());
    check(machine.retainedCount() == model.retained.size());
    check(machine.retainedBytes() == NaiveDelivery.bytes(model.retained.values()));
  }

  private static void check(boolean holds) {
    if (!holds) {
      throw new AssertionError("a limit or a count");
    }
  }

  private SimulatedClient client(String clientId) {
    return clients.stream().filter(each -> each.clientId.equals(clientId)).findAny().orElseThrow();
  }

  private Command randomCommand() {
    var client = clients.get(random.nextInt(clients.size()));
    int kind = random.nextInt(40);
    if (!client.isAttached() && kind < 30 && random.nextInt(3) == 0) {
      return attach(client);
    }
    return switch (kind) {
      case 0 -> attach(client);
      case 1, 2 -> detach(client);
      case 3, 4, 5, 6 -> subscribe(client);
      case 7 -> unsubscribe(client);
      case 8, 9 -> release(client);
      case 10, 11, 12 -> new Command.Tick();
      case 13 ->
          random.nextInt(4) == 0 ? new Command.EndSession(client.clientId) : new Command.Tick();
      case 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24 -> {
        var answer = client.answerSomething();
        yield answer == null ? publish(client) : answer;
      }
      default -> publish(client);
    };
  }

  private Command attach(SimulatedClient client) {
    connections++;
    return new Command.Attach(
        client.clientId,
        connections,
        random.nextInt(4) == 0,
        expiry(),
        client.receiveMaximum(),
        Driver.OWNER,
        random.nextBoolean() ? Optional.empty() : Optional.of(will()));
  }

  private long expiry() {
    int kind = random.nextInt(4);
    return kind == 0 ? 0 : kind == 1 ? Command.Attach.NEVER : random.nextInt(15);
  }

  private Will will() {
    return new Will(
        TopicName.of(topic()),
        payload("w"),
        QoS.of(random.nextInt(3)),
        random.nextInt(3) == 0,
        random.nextInt(3) == 0 ? 0 : random.nextInt(10),
        properties());
  }

  private Command detach(SimulatedClient client) {
    var expiry = random.nextInt(4) == 0 ? OptionalLong.of(expiry()) : OptionalLong.empty();
    return new Command.Detach(client.clientId, client.epoch(), expiry, random.nextBoolean());
  }

  private Command subscribe(SimulatedClient client) {
    var requests = new ArrayList<Command.Subscribe.Request>();
    for (int i = random.nextInt(2); i >= 0; i--) {
      var filter = FILTERS.get(random.nextInt(FILTERS.size()));
      var options =
          new SubscriptionOptions(
              QoS.of(random.nextInt(3)),
              !filter.isShared() && random.nextInt(4) == 0,
              random.nextBoolean(),
              RetainHandling.of(random.nextInt(3)));
      requests.add(new Command.Subscribe.Request(filter, options));
    }
    int id = 1 + random.nextInt(9);
    return new Command.Subscribe(client.clientId, client.epoch(), 1, id, requests);
  }

  private Command unsubscribe(SimulatedClient client) {
    var filters =
        List.of(
            FILTERS.get(random.nextInt(FILTERS.size())),
            FILTERS.get(random.nextInt(FILTERS.size())));
    return new Command.Unsubscribe(client.clientId, client.epoch(), 1, filters);
  }

  private Command release(SimulatedClient client) {
    return new Command.Release(client.clientId, client.epoch(), 1 + random.nextInt(5));
  }

  private Command publish(SimulatedClient client) {
    boolean server = random.nextInt(10) == 0;
    boolean retain = random.nextInt(6) == 0;
    boolean reserved = retain || server;
    var qos = QoS.of(reserved ? random.nextInt(3) : 1 + random.nextInt(2));
    var message =
        Message.received(
            server ? "" : client.clientId,
            TopicName.of(topic()),
            qos,
            retain,
            properties(),
            retain && random.nextInt(4) == 0 ? BinaryData.EMPTY : payload(""),
            now);
    return server
        ? new Command.Publish("", Command.NO_EPOCH, 0, message)
        : new Command.Publish(
            client.clientId,
            client.epoch(),
            qos == QoS.AT_MOST_ONCE ? 0 : 1 + random.nextInt(5),
            message,
            retain ? Optional.of(owner(client)) : Optional.empty());
  }

  /** Each client is one of two at a time, and all may be the same. */
  private Owner owner(SimulatedClient client) {
    var name = random.nextInt(3) == 0 ? "user" : client.clientId + random.nextInt(2);
    return new Owner(Optional.empty(), Optional.of(name), "mqtt-v5", "tcp", "192.0.2.1");
  }

  private String topic() {
    return TOPICS[random.nextInt(TOPICS.length)];
  }

  private BinaryData payload(String prefix) {
    messages++;
    return BinaryData.of((prefix + messages).getBytes(StandardCharsets.UTF_8));
  }

  /** Some are so large that their message has a row of its own. */
  private MessageProperties properties() {
    var properties = random.nextInt(4) > 0 ? MessageProperties.NONE : LARGE;
    return random.nextInt(3) > 0
        ? properties
        : properties.withMessageExpiry(OptionalLong.of(random.nextInt(8)));
  }

  /** Does so many steps. */
  public static void run(long seed, Keeping keeping, int steps) {
    var run = new ModelRun(seed, keeping);
    for (int step = 0; step < steps; step++) {
      try {
        run.step();
      } catch (AssertionError | RuntimeException fault) {
        throw new AssertionError("seed " + seed + ", step " + step, fault);
      }
    }
  }
}
