package org.parley.mqtt.broker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.parley.core.ByteWire;
import org.parley.mqtt.broker.Authentication.Verdict.Admitted;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.broker.Reading.Pause;
import org.parley.mqtt.codec.Decoded;
import org.parley.mqtt.codec.PacketDecoder;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.Delivery;
import org.parley.mqtt.state.Event;
import org.parley.mqtt.state.Receiver;

/**
 * One network connection. The wire's executor owns all that is in it; others put values into its
 * mailbox. What is written gathers until all that arrived has been handled: one write for all.
 */
final class MqttConnection implements ByteWire.Handler, Receiver {
  private static final Logger LOG = System.getLogger(MqttConnection.class.getName());

  /** Answers that are kept for a peer that takes nothing, bytes: with more it is not read. */
  private static final int ANSWERS_RESERVE = 64 * 1024;

  private final MqttBroker broker;
  private final ByteWire wire;
  private final long id;
  private final PacketInput input;
  private final PacketOutput output;
  private final Mailbox mailbox;
  private final Reading reading;
  private final Backlog backlog;
  private final Stay stay;
  private final Silence silence;
  private Phase phase;
  private boolean gone;
  private boolean cut;
  private volatile @Nullable Conversation conversation;
  private volatile boolean congested;

  @SuppressWarnings("this-escape") // nobody is told before the constructor has ended
  MqttConnection(MqttBroker broker, ByteWire wire, long id) {
    this.broker = broker;
    this.wire = wire;
    this.id = id;
    var options = broker.options();
    this.backlog = new Backlog(options.qos0Bytes(), broker.waiting());
    var decoder = new PacketDecoder(broker.decoderLimits());
    this.input = new PacketInput(decoder, this::decoded, broker.unfinished());
    this.output = new PacketOutput(broker, wire, backlog);
    this.mailbox = new Mailbox(wire.executor(), this::turn);
    this.reading = new Reading(wire);
    this.stay = new Stay(broker.authentication(), wire.peer());
    this.silence = new Silence(broker.ticker(), options.connectTimeout());
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
    if (!(phase instanceof Greeting)) {
      silence.heardNow(); // before CONNACK a byte now and then gains no time
    }
    counters().count(Count.BYTES_IN, bytes.remaining());
    if (gone) {
      return;
    }
    guarded(
        () -> {
          if (!mailbox.isEmpty()) {
            // What others have put in before these bytes arrived goes out before their answers.
            mailbox.handle(this::handle);
            phase.pump();
          }
          if (!(isHeld() ? input.keep(bytes) : gone || input.feed(bytes))) {
            phase.dismiss(ReasonCode.QUOTA_EXCEEDED);
          }
        });
  }

  /** Others that are read in the same round may add to what goes out: one write for all. */
  @Override
  public void receivedAll() {
    if (!gone && (output.hasGathered() || phase.mayPump())) {
      mailbox.wake();
    }
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
    output.sent();
    if (output.takesMore()) {
      congested = false;
    }
    if (wire.writable() && reading.resume(Pause.UNREAD)) {
      silence.heardNow();
    }
    settle();
  }

  @Override
  public void closed() {
    cut = true;
    leave();
  }

  /**
   * The wire is gone. All that the peer has said counts, also if nothing can be answered any more:
   * behind a CONNECT that is being judged there may be messages and a DISCONNECT.
   */
  private void leave() {
    if (isHeld() && phase instanceof Greeting) {
      return; // once more when it was judged
    }
    cut = false;
    guarded(
        () -> {
          while (isHeld() && phase instanceof Conversation) {
            var _ = reading.resume(Pause.JUDGED);
            input.resume();
          }
          gone = true;
          phase.lost();
        });
    backlog.close();
    input.close();
    broker.closed(this);
    stay.end();
  }

  /** Authentication has let the peer in. */
  void admitted(Admitted peer) {
    stay.begin(peer);
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
    return !isHeld() && !gone;
  }

  // -- the mailbox

  /** Puts in what the owner is to handle: an {@link Event} or a {@link Runnable}. */
  void post(Object item) {
    mailbox.put(item);
  }

  private void turn() {
    guarded(
        () -> {
          mailbox.handle(this::handle);
          settle();
        });
    if (cut) {
      leave();
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
    return gone || output.send(packet);
  }

  /** Returns what writes to the peer. */
  PacketOutput output() {
    return output;
  }

  /** Returns whether the peer takes messages now; answers are written in any case. */
  boolean mayWrite() {
    if (output.isFull()) {
      flush();
    }
    if (output.takesMore()) {
      return !gone;
    }
    congested = true;
    return false;
  }

  private void flush() {
    output.flush();
    // Answers go out whatever waits; a peer that asks and does not read is not read either.
    if (output.unread() > ANSWERS_RESERVE && !gone && reading.pause(Pause.UNREAD)) {
      silence.heardNow(); // silence counts from here
    }
  }

  void enter(Phase next) {
    phase = next;
    conversation = next instanceof Conversation begun ? begun : null;
  }

  /** Returns what the connection has with its session, if it has one; any thread may ask. */
  @Nullable Conversation conversation() {
    return conversation;
  }

  /** Returns whether the connection has ended, by either side. */
  boolean isGone() {
    return gone;
  }

  /** Sends what is written, and ends. */
  void finish() {
    enter(new Farewell());
    flush();
    gone = true;
    stay.end();
    wire.finish();
  }

  /** Ends without a word. */
  void abort() {
    enter(new Farewell());
    gone = true;
    stay.end();
    wire.abort();
  }

  // -- holding

  private boolean isHeld() {
    return reading.isPausedFor(Pause.JUDGED);
  }

  /** No packet is handled until {@link #proceed()}. */
  void hold() {
    var _ = reading.pause(Pause.JUDGED);
  }

  /** Packets are handled again, those first that came meanwhile. */
  void proceed() {
    if (!gone && reading.resume(Pause.JUDGED)) {
      silence.heardNow();
      input.resume();
    }
  }

  /** Reads no more until {@link #speedUp()}; returns false if it does so already. */
  boolean slowDown() {
    return !gone && reading.pause(Pause.TOO_FAST);
  }

  /** Any thread may call. */
  void speedUp() {
    tell(
        _ -> {
          if (!gone && reading.resume(Pause.TOO_FAST)) {
            silence.heardNow();
          }
        });
  }

  Silence silence() {
    return silence;
  }

  /** Looks after deadlines; any thread may call. */
  void tick(long nanos, long wallMillis) {
    if (backlog.isCharged()) {
      post((Runnable) this::goOn);
    }
    var begun = conversation;
    if (begun != null && begun.isOver(wallMillis)) {
      tell(Phase::rightsChanged);
    }
    if (silence.isTooLong(nanos)) {
      post((Runnable) () -> late(nanos));
    }
  }

  private void late(long nanos) {
    if (isHeld() || reading.isPausedFor(Pause.TOO_FAST)) {
      silence.heardNow(); // it was not listened to
    } else if (silence.isTooLong(nanos)) {
      phase.late();
    }
  }

  /** Lets the phase that there is then do something; any thread may call. */
  void tell(Consumer<Phase> word) {
    post((Runnable) () -> word.accept(phase));
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
