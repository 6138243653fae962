package org.parley.mqtt.broker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.parley.audit.AuditLog;
import org.parley.core.ByteBudget;
import org.parley.core.ByteWire;
import org.parley.core.SteadyClock;
import org.parley.core.Ticker;
import org.parley.log.CommitLog;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.codec.DecoderLimits;
import org.parley.mqtt.codec.PacketEncoder;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.Command;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.Owner;
import org.parley.mqtt.state.StateMachine;

/**
 * The MQTT broker: meets connections, puts what they ask for into the log, and tells them what came
 * of it.
 */
public final class MqttBroker implements ByteWire.Acceptor {

  /** Runs a task later, by any thread. */
  @FunctionalInterface
  public interface Delay {
    void after(Duration delay, Runnable task);
  }

  /** Makes the log that the broker puts commands into. */
  @FunctionalInterface
  public interface LogMaker {
    /**
     * Makes it; it tells nobody before a command was submitted.
     *
     * @param time what it stamps commands with
     */
    CommitLog make(SteadyClock time, CommitLog.Listener listener);
  }

  private static final Logger LOG = System.getLogger(MqttBroker.class.getName());
  private static final int SPARE_ENCODERS = 64;
  private static final int CLIENT_ID_BYTES = 16;

  /** As many parts of what is due are handled at a time. */
  private static final int TICKS = 1_000;

  /** How long a publisher is not read when more comes in than the disk can take. */
  private static final Duration DISK_HOLD = Duration.ofMillis(10);

  private final MqttOptions options;
  private final DecoderLimits decoderLimits;
  private final StateMachine state;
  private final CommitLog log;
  private final Authentication authentication;
  private final AuditLog audit;
  private final MqttCounters counters;
  private final InstantSource clock;
  private final Ticker ticker;
  private final SteadyClock time;
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
   * @param log makes the log that applies commands to {@code state}
   * @param clock the time of day, for what ends at a date; messages, sessions and wills have one
   *     that cannot be set
   */
  @SuppressWarnings("this-escape") // the log tells nobody before a command was submitted
  public MqttBroker(
      MqttOptions options,
      StateMachine state,
      LogMaker log,
      Authentication authentication,
      AuditLog audit,
      MqttCounters counters,
      InstantSource clock,
      Ticker ticker,
      Delay delay,
      SecureRandom random) {
    this.options = options;
    this.decoderLimits =
        new DecoderLimits(
            options.maximumPacketSize(),
            options.maximumConnectSize(),
            options.rejectDisallowedCodePoints());
    this.state = state;
    this.authentication = authentication;
    this.audit = audit;
    this.counters = counters;
    this.clock = clock;
    this.time = new SteadyClock(clock, ticker);
    this.ticker = ticker;
    this.delay = delay;
    this.random = random;
    this.waiting = new ByteBudget(options.waitingBytes());
    this.unfinished = new ByteBudget(options.unfinishedBytes());
    this.latency = new Latency(ticker);
    this.log = log.make(time, new Announcer(this));
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
    accepting = !log.failed();
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
    time.follow();
    long now = ticker.nanos();
    long millis = clock.millis();
    for (var connection : connections.values()) {
      connection.tick(now, millis);
    }
    latency.tick();
    state.index().dropStale();
    for (int i = 0; i < TICKS && state.due(now()); i++) {
      log.submit(new Command.Tick());
    }
  }

  /** Policy, users or revocations have changed: every connection is judged again. */
  public void rightsChanged() {
    authentication.rightsChanged();
    connections.values().forEach(connection -> connection.tell(Phase::rightsChanged));
  }

  // -- for connections

  MqttOptions options() {
    return options;
  }

  DecoderLimits decoderLimits() {
    return decoderLimits;
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

  AuditLog audit() {
    return audit;
  }

  /**
   * Returns whether a retained message may be delivered as far as its publisher goes. An error of
   * ours costs this message, not the connections of all who ask for it.
   */
  boolean mayStillPublish(Owner publisher, Message message) {
    try {
      return authentication.mayStillPublish(publisher, message.publisher(), message.topic().text());
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a publisher could not be judged; its message is left out", e);
      counters.count(Count.INTERNAL_ERRORS);
      return false;
    }
  }

  /** Returns the time of messages and sessions, in milliseconds of the epoch. */
  long now() {
    return time.millis();
  }

  /** Returns the time of day. */
  Instant timeOfDay() {
    return clock.instant();
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
    hold(publisher, options.publisherHold());
  }

  /** Has a publisher not read for a while, unless that is zero. */
  void hold(MqttConnection publisher, Duration pause) {
    if (!pause.isZero() && publisher.slowDown()) {
      counters.count(Count.PUBLISHER_HOLDS);
      delay.after(pause, publisher::speedUp);
    }
  }

  /** Puts what a publisher has sent into the log; one that is too fast for the disk has to wait. */
  void submit(Command.Publish publish, MqttConnection publisher) {
    log.submit(publish);
    if (log.pressed()) {
      hold(publisher, DISK_HOLD);
    }
  }

  /** Returns whether nothing more is to be kept: the disk is nearly full. */
  boolean diskIsFull() {
    return log.full();
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

  /** Returns the state, to read from. */
  public StateMachine state() {
    return state;
  }

  /** Returns the connection of an identifier, if it is there still. */
  @Nullable MqttConnection connection(long id) {
    return connections.get(id);
  }

  /** Nothing that clients are told could be kept to: they may come back when it is mended. */
  void logFailed() {
    accepting = false;
    connections.values().forEach(connection -> connection.tell(Phase::logFailed));
  }

  /** Returns whether what is submitted comes to nothing. */
  boolean logHasFailed() {
    return log.failed();
  }

  /** Returns the live connections, to read from. */
  Collection<MqttConnection> live() {
    return connections.values();
  }
}
