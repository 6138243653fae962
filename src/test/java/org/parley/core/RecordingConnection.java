package org.parley.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.parley.core.OutboundQueue.Offer;

/** A connection that keeps what it is told. Nothing is sent after it was closed. */
public final class RecordingConnection implements Connection {
  private final ConnectionId id = ConnectionId.next();
  private final String remoteAddress;
  private final WireMeter meter;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<String> sent = new ArrayList<>();
  private final List<Runnable> onLost = new ArrayList<>();
  private final AtomicInteger pings = new AtomicInteger();
  private Optional<CloseReason> closedFor = Optional.empty();
  private int room = Integer.MAX_VALUE;
  private volatile boolean congested;
  private volatile int depth;

  public RecordingConnection() {
    this(0);
  }

  /** A connection that was heard of at a moment. */
  public RecordingConnection(long nowNanos) {
    this("192.0.2.1", nowNanos);
  }

  /** A connection from an address. */
  public RecordingConnection(String remoteAddress) {
    this(remoteAddress, 0);
  }

  private RecordingConnection(String remoteAddress, long nowNanos) {
    this.remoteAddress = remoteAddress;
    this.meter = new WireMeter(nowNanos);
  }

  /** From now on so many messages find room. */
  public void room(int messages) {
    lock.lock();
    try {
      room = messages;
    } finally {
      lock.unlock();
    }
  }

  /** From now on so many messages seem to wait. */
  public void depth(int messages) {
    depth = messages;
  }

  public void congested(boolean now) {
    congested = now;
  }

  /** Returns the messages sent so far; a binary one has a character for each byte. */
  public List<String> sent() {
    lock.lock();
    try {
      return List.copyOf(sent);
    } finally {
      lock.unlock();
    }
  }

  /** Returns what {@link #sent()} returns, and forgets it. */
  public List<String> take() {
    lock.lock();
    try {
      var taken = List.copyOf(sent);
      sent.clear();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Loses what was sent so far, as a connection does that ends before its queue is written. */
  public void lose() {
    List<Runnable> lost;
    lock.lock();
    try {
      lost = List.copyOf(onLost);
      onLost.clear();
    } finally {
      lock.unlock();
    }
    lost.forEach(Runnable::run);
  }

  /** Returns how many pings were asked for. */
  public int pings() {
    return pings.get();
  }

  @Override
  public ConnectionId id() {
    return id;
  }

  @Override
  public Offer send(Outbound message, Runnable onLost) {
    lock.lock();
    try {
      if (closedFor.isPresent()) {
        return Offer.CLOSED;
      }
      if (room == 0) {
        return Offer.FULL;
      }
      room--;
      this.onLost.add(onLost);
      sent.add(
          switch (message) {
            case Outbound.Text(var text, var _) -> text;
            case Outbound.Binary binary -> latin(binary.payload());
          });
      return Offer.QUEUED;
    } finally {
      lock.unlock();
    }
  }

  private static String latin(ByteBuffer payload) {
    return StandardCharsets.ISO_8859_1.decode(payload).toString();
  }

  @Override
  public void ping() {
    pings.incrementAndGet();
  }

  @Override
  public void close(CloseReason reason) {
    lock.lock();
    try {
      closedFor = closedFor.or(() -> Optional.of(reason));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<CloseReason> closedFor() {
    lock.lock();
    try {
      return closedFor;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String remoteAddress() {
    return remoteAddress;
  }

  @Override
  public WireMeter meter() {
    return meter;
  }

  @Override
  public WireStatus wire() {
    return new WireStatus(
        remoteAddress, Instant.EPOCH, Duration.ZERO, 0, 0, 0, 0, depth, 0, meter.roundTrip());
  }

  @Override
  public boolean congested() {
    return congested;
  }
}
