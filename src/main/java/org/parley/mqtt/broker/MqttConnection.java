package org.parley.mqtt.broker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.parley.core.ByteWire;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.codec.Decoded;
import org.parley.mqtt.codec.DecoderLimits;
import org.parley.mqtt.codec.PacketDecoder;
import org.parley.mqtt.codec.PacketEncoder;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.PacketType;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.state.Delivery;
import org.parley.mqtt.state.Event;
import org.parley.mqtt.state.Receiver;

/**
 * One network connection. The wire's executor owns all that is in it; others put values into its
 * mailbox. What is written gathers until all that arrived has been handled: one write for all.
 */
final class MqttConnection implements ByteWire.Handler, Receiver {
  private static final Logger LOG = System.getLogger(MqttConnection.class.getName());

  /** Written without waiting for more, bytes. */
  private static final int FLUSH_AT = 64 * 1024;

  /** The same while too much waits for all peers together, bytes. */
  private static final int FLUSH_EARLY_AT = 8 * 1024;

  /** Handled before others of the same thread have their turn. */
  private static final int TURN = 10_000;

  private final MqttBroker broker;
  private final ByteWire wire;
  private final long id;
  private final PacketInput input;
  private final Queue<Object> mailbox = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Backlog backlog;
  private @Nullable PacketEncoder out;
  private Phase phase;
  private boolean held;
  private boolean throttled;
  private boolean slowed;
  private boolean deferred;
  private boolean gone;
  private ProtocolVersion version = ProtocolVersion.V5;
  private long maximumPacketSize = Long.MAX_VALUE;
  private boolean problemInformation = true;
  private volatile @Nullable Conversation conversation;
  private volatile boolean congested;
  private volatile long heardNanos;
  private volatile long silenceLimitNanos;

  @SuppressWarnings("this-escape") // nobody is told before the constructor has ended
  MqttConnection(MqttBroker broker, ByteWire wire, long id) {
    this.broker = broker;
    this.wire = wire;
    this.id = id;
    this.heardNanos = broker.ticker().nanos();
    var options = broker.options();
    this.backlog = new Backlog(options.qos0Bytes(), broker.waiting());
    var decoder =
        new PacketDecoder(
            new DecoderLimits(
                options.maximumPacketSize(),
                options.maximumConnectSize(),
                options.rejectDisallowedCodePoints()));
    this.input = new PacketInput(decoder, this::decoded);
    this.silenceLimitNanos = options.connectTimeout().toNanos();
    this.phase = new Greeting(this, broker, decoder);
  }

  long id() {
    return id;
  }

  ByteWire.Peer peer() {
    return wire.peer();
  }

  MqttOptions options() {
    return broker.options();
  }

  MqttCounters counters() {
    return broker.counters();
  }

  // -- what the wire tells

  @Override
  public void received(ByteBuffer bytes) {
    heardNanos = broker.ticker().nanos();
    counters().count(Count.BYTES_IN, bytes.remaining());
    if (gone) {
      return;
    }
    guarded(
        () -> {
          if (!mailbox.isEmpty()) {
            // What others have put in before these bytes arrived goes out before their answers.
            handleMail();
            phase.pump();
          }
          if (held) {
            input.keep(bytes);
          } else if (!gone) {
            input.feed(bytes);
          }
        });
  }

  @Override
  public void receivedAll() {
    guarded(this::settle);
  }

  @Override
  public void writable() {
    guarded(this::goOn);
  }

  /** Takes up what was left because the wire, or all wires together, had too much to send. */
  private void goOn() {
    if (gone) {
      return;
    }
    deferred = backlog.unsent(wire.unsentBytes());
    if (!deferred && wire.writable()) {
      congested = false;
      throttle(false);
    }
    settle();
  }

  @Override
  public void closed() {
    guarded(
        () -> {
          // All that the peer has said counts, also if nothing can be answered any more.
          if (held && phase instanceof Conversation) {
            held = false;
            input.resume();
          }
          gone = true;
          phase.lost();
        });
    backlog.close();
    broker.closed(this);
  }

  private boolean decoded(Decoded decoded) {
    switch (decoded) {
      case Decoded.Complete(var packet, var sizeBytes) -> {
        counters().in(packet.type(), sizeBytes);
        phase.packet(packet);
      }
      case Decoded.Rejected rejected -> phase.rejected(rejected);
      case Decoded.NeedMore _ -> {}
    }
    return !held && !gone;
  }

  // -- the mailbox

  /** Puts in what the owner is to handle: an {@link Event} or a {@link Runnable}. */
  void post(Object item) {
    mailbox.add(item);
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      schedule();
    }
  }

  private void schedule() {
    try {
      wire.executor().execute(this::drain);
    } catch (RejectedExecutionException _) {
      LOG.log(Level.DEBUG, "the owner has stopped");
    }
  }

  private void drain() {
    scheduled.set(false);
    guarded(
        () -> {
          handleMail();
          settle();
        });
    if (!mailbox.isEmpty() && scheduled.compareAndSet(false, true)) {
      schedule();
    }
  }

  private void handleMail() {
    int left = TURN;
    for (var item = mailbox.poll(); item != null; item = mailbox.poll()) {
      handle(item);
      if (--left == 0) {
        return;
      }
    }
  }

  private void handle(Object item) {
    switch (item) {
      case Delivery delivery -> phase.deliver(delivery);
      case Event event -> phase.event(event);
      case Runnable task -> task.run();
      default -> throw new IllegalStateException("not for a mailbox: " + item.getClass());
    }
  }

  @Override
  public void deliver(Delivery delivery) {
    var reason = backlog.add(delivery.message().sizeBytes());
    if (reason == null) {
      broker.latency().onItsWay(delivery.message());
      post(delivery);
    } else {
      counters().dropped(reason);
    }
  }

  /** A delivery with QoS 0 does not wait any more. */
  void delivered(Delivery delivery) {
    backlog.remove(delivery.message().sizeBytes());
  }

  Backlog backlog() {
    return backlog;
  }

  @Override
  public boolean hasRoom() {
    return !congested && backlog.hasRoom();
  }

  private void settle() {
    if (!gone) {
      phase.pump();
      flush();
    }
  }

  // -- writing

  /** Encodes an answer. One that cannot be made small enough for the peer ends the connection. */
  void send(Packet packet) {
    if (!trySend(packet)) {
      phase.dismiss(ReasonCode.PACKET_TOO_LARGE);
    }
  }

  /** Encodes a packet, unless the peer does not take one of its size or has no such packet. */
  boolean trySend(Packet packet) {
    if (gone) {
      return true;
    }
    var encoder = encoder();
    int before = encoder.size();
    if (!encoder.encode(packet, version, maximumPacketSize, problemInformation)) {
      return false;
    }
    counters().out(packet.type(), encoder.size() - before);
    return true;
  }

  /** Encodes a PUBLISH; returns false if it is too large for the peer. */
  boolean sendPublish(
      boolean dup,
      QoS qos,
      boolean retain,
      TopicName topic,
      int packetId,
      int topicAlias,
      List<Integer> subscriptionIds,
      MessageProperties properties,
      BinaryData payload) {
    var encoder = encoder();
    int before = encoder.size();
    boolean written =
        encoder.encodePublish(
            version,
            maximumPacketSize,
            dup,
            qos,
            retain,
            topic,
            packetId,
            topicAlias,
            subscriptionIds,
            properties,
            payload);
    if (written) {
      counters().out(PacketType.PUBLISH, encoder.size() - before);
    }
    return written;
  }

  private PacketEncoder encoder() {
    var encoder = out;
    if (encoder == null) {
      encoder = broker.borrowEncoder();
      out = encoder;
    }
    return encoder;
  }

  /** Returns whether the peer takes messages now; answers are written in any case. */
  boolean mayWrite() {
    if (out != null
        && out.size() >= FLUSH_EARLY_AT
        && (out.size() >= FLUSH_AT || backlog.pressed())) {
      flush();
    }
    if (wire.writable() && !deferred) {
      return !gone;
    }
    congested = true;
    return false;
  }

  private void flush() {
    var encoder = out;
    if (encoder == null) {
      return;
    }
    out = null;
    if (encoder.size() > 0) {
      counters().count(Count.BYTES_OUT, encoder.size());
      wire.write(encoder.written());
      deferred = backlog.unsent(wire.unsentBytes());
    }
    broker.returnEncoder(encoder);
    // Answers go out whatever waits; a peer that asks and does not read is not read either.
    throttle(!wire.writable());
  }

  // -- phases

  /** What the CONNECT says about packets to the peer. */
  void agree(ProtocolVersion version, long maximumPacketSize, boolean problemInformation) {
    this.version = version;
    this.maximumPacketSize = maximumPacketSize;
    this.problemInformation = problemInformation;
  }

  ProtocolVersion version() {
    return version;
  }

  void enter(Phase next) {
    phase = next;
    conversation = next instanceof Conversation begun ? begun : null;
  }

  /** Returns what the connection has with its session, if it has one; any thread may ask. */
  @Nullable Conversation conversation() {
    return conversation;
  }

  /** Sends what is written, and ends. */
  void finish() {
    enter(new Farewell());
    flush();
    gone = true;
    wire.finish();
  }

  /** Ends without a word. */
  void abort() {
    enter(new Farewell());
    gone = true;
    wire.abort();
  }

  // -- holding

  /** No packet is handled until {@link #proceed()}. */
  void hold() {
    held = true;
    read();
  }

  /** Packets are handled again, those first that came meanwhile. */
  void proceed() {
    if (held) {
      held = false;
      heardNanos = broker.ticker().nanos();
      input.resume();
      read();
    }
  }

  /** Reads no more until {@link #speedUp()}; returns false if it does so already. */
  boolean slowDown() {
    if (slowed) {
      return false;
    }
    slowed = true;
    read();
    return true;
  }

  /** Any thread may call. */
  void speedUp() {
    post(
        (Runnable)
            () -> {
              slowed = false;
              heardNanos = broker.ticker().nanos();
              read();
            });
  }

  private void throttle(boolean on) {
    if (throttled != on) {
      throttled = on;
      read();
    }
  }

  private void read() {
    if (!gone) {
      wire.reading(!held && !throttled && !slowed);
    }
  }

  // -- time

  /** Returns when the peer was heard last; any thread may ask. */
  long heardNanos() {
    return heardNanos;
  }

  /** Sets how long the peer may be silent, nanoseconds; 0 for ever. */
  void silenceLimit(long nanos) {
    silenceLimitNanos = nanos;
  }

  /** Looks after deadlines; any thread may call. */
  void tick(long nanos) {
    if (backlog.isCharged()) {
      post((Runnable) this::goOn);
    }
    long limit = silenceLimitNanos;
    if (limit > 0 && nanos - heardNanos >= limit) {
      post((Runnable) () -> late(nanos));
    }
  }

  private void late(long nanos) {
    if (held || throttled || slowed) {
      heardNanos = nanos; // it was not listened to
    } else if (nanos - heardNanos >= silenceLimitNanos) {
      phase.late();
    }
  }

  void rightsChanged() {
    post((Runnable) () -> phase.rightsChanged());
  }

  /** Ends the connection because of a fault of the peer; the owner calls. */
  void end(ReasonCode reason) {
    phase.dismiss(reason);
  }

  /** Ends the connection for a reason of the server; any thread may call. */
  void dismiss(ReasonCode reason) {
    post((Runnable) () -> phase.dismiss(reason));
  }

  /** An error of ours costs this connection, nothing else. */
  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | StackOverflowError e) {
      LOG.log(Level.ERROR, "a connection failed and is closed", e);
      counters().count(Count.INTERNAL_ERRORS);
      try {
        phase.dismiss(ReasonCode.UNSPECIFIED_ERROR);
      } catch (RuntimeException again) {
        LOG.log(Level.ERROR, "it could not be told", again);
        abort();
      }
    }
  }
}
