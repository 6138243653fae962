package org.parley.mqtt.broker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.parley.core.ByteBudget;
import org.parley.core.ByteWire;
import org.parley.core.Ticker;
import org.parley.log.CommitLog;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.broker.MqttCounters.Drop;
import org.parley.mqtt.codec.PacketEncoder;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.Command;
import org.parley.mqtt.state.Delivery;
import org.parley.mqtt.state.Event;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.QueueEntry;
import org.parley.mqtt.state.Receiver;
import org.parley.mqtt.state.Session;
import org.parley.mqtt.state.StateMachine;

/**
 * The MQTT broker: meets connections, puts what they ask for into the log, and tells them what came
 * of it.
 */
public final class MqttBroker implements ByteWire.Acceptor, CommitLog.Listener {

  /** Runs a task later, by any thread. */
  @FunctionalInterface
  public interface Delay {
    void after(Duration delay, Runnable task);
  }

  private static final Logger LOG = System.getLogger(MqttBroker.class.getName());
  private static final int SPARE_ENCODERS = 64;
  private static final int CLIENT_ID_BYTES = 16;

  private final MqttOptions options;
  private final StateMachine state;
  private final CommitLog log;
  private final Authentication authentication;
  private final MqttCounters counters;
  private final InstantSource clock;
  private final Ticker ticker;
  private final Delay delay;
  private final SecureRandom random;
  private final ConcurrentHashMap<Long, MqttConnection> connections = new ConcurrentHashMap<>();
  private final AtomicLong lastConnection = new AtomicLong();
  private final ByteBudget waiting;
  private final ByteBudget unfinished;
  private final Latency latency;
  private final BlockingQueue<PacketEncoder> encoders = new ArrayBlockingQueue<>(SPARE_ENCODERS);
  private volatile boolean accepting;

  /**
   * A broker that does not accept clients yet.
   *
   * @param log makes the log that applies commands to {@code state} and tells its listener
   */
  @SuppressWarnings("this-escape") // the log tells nobody before a command was submitted
  public MqttBroker(
      MqttOptions options,
      StateMachine state,
      Function<CommitLog.Listener, CommitLog> log,
      Authentication authentication,
      MqttCounters counters,
      InstantSource clock,
      Ticker ticker,
      Delay delay,
      SecureRandom random) {
    this.options = options;
    this.state = state;
    this.authentication = authentication;
    this.counters = counters;
    this.clock = clock;
    this.ticker = ticker;
    this.delay = delay;
    this.random = random;
    this.waiting = new ByteBudget(options.waitingBytes());
    this.unfinished = new ByteBudget(options.unfinishedBytes());
    this.latency = new Latency(ticker);
    this.log = log.apply(this);
  }

  @Override
  public ByteWire.Handler accept(ByteWire wire) {
    var connection = new MqttConnection(this, wire, lastConnection.incrementAndGet());
    connections.put(connection.id(), connection);
    counters.count(Count.CONNECTIONS_OPENED);
    return connection;
  }

  void closed(MqttConnection connection) {
    if (connections.remove(connection.id()) != null) {
      counters.count(Count.CONNECTIONS_CLOSED);
    }
  }

  // -- life

  /** Clients may connect from now on. */
  public void start() {
    accepting = true;
  }

  /**
   * Stops: who is connected is told and closed; wills stay. Returns when all are told, or after the
   * limit.
   */
  public void stop(Duration limit) {
    accepting = false;
    var all = List.copyOf(connections.values());
    var told = new CountDownLatch(all.size());
    for (var connection : all) {
      connection.dismiss(ReasonCode.SERVER_SHUTTING_DOWN);
      connection.post((Runnable) told::countDown);
    }
    try {
      if (!told.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, () -> told.getCount() + " clients were not told of the stop");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Nobody is accepted any more; who is connected stays. */
  public void drain() {
    accepting = false;
  }

  /** Ends all connections for a reason of the server. */
  public void dismissAll(ReasonCode reason) {
    connections.values().forEach(connection -> connection.dismiss(reason));
  }

  boolean accepts() {
    return accepting;
  }

  /** Returns how many network connections there are, those without a session too. */
  public int connections() {
    return connections.size();
  }

  /** Time has passed: to be called every half second or so. */
  public void tick() {
    long now = ticker.nanos();
    for (var connection : connections.values()) {
      connection.tick(now);
    }
    latency.tick();
    while (state.due(now())) {
      log.submit(new Command.Tick());
    }
  }

  /** Policy, users or revocations have changed: every connection is judged again. */
  public void rightsChanged() {
    connections.values().forEach(connection -> connection.tell(Phase::rightsChanged));
  }

  // -- for connections

  MqttOptions options() {
    return options;
  }

  MqttCounters counters() {
    return counters;
  }

  /** Returns how long messages take. */
  public Latency latency() {
    return latency;
  }

  /** Returns the budget of what waits for all peers together. */
  public ByteBudget waiting() {
    return waiting;
  }

  /** Returns the budget of what is kept of unfinished packets of all peers. */
  public ByteBudget unfinished() {
    return unfinished;
  }

  Ticker ticker() {
    return ticker;
  }

  Authentication authentication() {
    return authentication;
  }

  /** Returns the time in milliseconds of the epoch. */
  long now() {
    return clock.millis();
  }

  void submit(Command command) {
    log.submit(command);
  }

  /** Returns an identifier that no session has and nobody can guess [MQTT-3.2.2-16]. */
  String newClientId() {
    var bytes = new byte[CLIENT_ID_BYTES];
    random.nextBytes(bytes);
    return "auto-" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Delivers a message with QoS 0 that is not retained. */
  void route(Message message, MqttConnection publisher) {
    var match = state.index().match(message.topic());
    if (!match.isEmpty() && new Fanout(message, counters).deliver(match)) {
      slowDown(publisher);
    }
    latency.published(message);
  }

  /** Somebody does not keep up with a publisher: it is not read for a moment. */
  void slowDown(MqttConnection publisher) {
    if (!options.publisherHold().isZero() && publisher.slowDown()) {
      counters.count(Count.PUBLISHER_HOLDS);
      delay.after(options.publisherHold(), publisher::speedUp);
    }
  }

  /** Publishes for the server itself. */
  public void publish(Message message) {
    log.submit(new Command.Publish("", Command.NO_EPOCH, 0, message));
  }

  /** Ends a session; its connection is told. */
  public void endSession(String clientId) {
    log.submit(new Command.EndSession(clientId));
  }

  PacketEncoder borrowEncoder() {
    var spare = encoders.poll();
    return spare == null ? new PacketEncoder() : spare;
  }

  void returnEncoder(PacketEncoder encoder) {
    encoder.reset();
    var _ = encoders.offer(encoder);
  }

  // -- what the log tells

  @Override
  public void applied(Command command, List<Event> events) {
    MqttConnection displaced = null;
    for (var event : events) {
      switch (event) {
        case Event.Attached attached -> attached(attached, displaced);
        case Event.AttachRefused(var id, var _) -> post(connections.get(id), event);
        case Event.Displaced(var id, var reason) -> {
          displaced = connections.get(id);
          post(displaced, event);
          if (reason == ReasonCode.SESSION_TAKEN_OVER) {
            counters.count(Count.TAKEOVERS);
          }
        }
        case Event.Enqueued(var session, var entry) -> enqueued(session, entry, event);
        case Event.Delivered(var session, var delivery) -> deliver(session.receiver(), delivery);
        case Event.Removed(var session, var entry, var reason) -> {
          counters.dropped(drop(reason));
          latency.done(entry.delivery().message());
          post(session, event);
        }
        case Event.Dropped(var _, var _, var reason) -> counters.dropped(drop(reason));
        case Event.Published published -> post(published.session(), event);
        case Event.Recorded(var session, var _, var _) -> post(session, event);
        case Event.Released(var session, var _, var _, var _) -> post(session, event);
        case Event.Subscribed subscribed -> post(subscribed.session(), event);
        case Event.Unsubscribed unsubscribed -> post(unsubscribed.session(), event);
        case Event.WillDue due -> publishWill(due);
        case Event.SessionEnded _ -> {}
      }
    }
    if (command instanceof Command.Publish publish) {
      latency.published(publish.message());
    }
  }

  private void enqueued(Session session, QueueEntry entry, Event event) {
    if (session.receiver() instanceof MqttConnection connection) {
      latency.onItsWay(entry.delivery().message());
      connection.post(event);
    }
  }

  /** The former connection of the session has to be quiet before the new one says anything. */
  private void attached(Event.Attached attached, @Nullable MqttConnection former) {
    var connection = connections.get(attached.connection());
    if (connection == null) {
      LOG.log(Level.DEBUG, "a connection was gone before it had its session");
      log.submit(
          new Command.Detach(
              attached.session().clientId(), attached.epoch(), OptionalLong.empty(), true));
      return;
    }
    attached.session().receiver(connection);
    if (former == null) {
      connection.post(attached);
    } else {
      former.tell(phase -> phase.succeeded(() -> connection.post(attached)));
    }
  }

  private static void post(Session session, Event event) {
    if (session.receiver() instanceof MqttConnection connection) {
      connection.post(event);
    }
  }

  private static void post(@Nullable MqttConnection connection, Event event) {
    if (connection != null) {
      connection.post(event);
    }
  }

  private void deliver(@Nullable Receiver receiver, Delivery delivery) {
    if (receiver == null) {
      counters.dropped(Drop.OFFLINE);
    } else {
      receiver.deliver(delivery);
    }
  }

  private static Drop drop(Event.DropReason reason) {
    return switch (reason) {
      case QUEUE_FULL -> Drop.QUEUE_FULL;
      case EXPIRED -> Drop.EXPIRED;
      case OFFLINE -> Drop.OFFLINE;
      case SESSION_ENDED -> Drop.SESSION_ENDED;
      case RETAINED_FULL -> Drop.RETAINED_FULL;
    };
  }

  /** A will is asked about once more: rights may have gone since CONNECT. */
  private void publishWill(Event.WillDue due) {
    if (mayPublish(due)) {
      log.submit(new Command.PublishWill(due.id()));
    } else {
      counters.count(Count.NOT_AUTHORIZED);
      log.submit(new Command.DropWill(due.id()));
    }
  }

  /** An error of ours costs this will, not the others that are told of meanwhile. */
  private boolean mayPublish(Event.WillDue due) {
    var will = due.will();
    try {
      return authentication.mayPublish(
          due.owner(), due.id().clientId(), will.topic().text(), will.retain());
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a will could not be judged and is dropped", e);
      counters.count(Count.INTERNAL_ERRORS);
      return false;
    }
  }

  /** Returns the state, to read from. */
  public StateMachine state() {
    return state;
  }

  /** Returns the live connections, to read from. */
  Collection<MqttConnection> live() {
    return connections.values();
  }
}
