package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.parley.core.ByteWire;

/**
 * A wire to a peer in memory, without a thread: its owner works when a test says so. The broker is
 * held to the contract of {@link ByteWire}; an observer sees what goes over it.
 */
final class MemoryWire implements ByteWire {
  private static final int HIGH_WATER_BYTES = 32 * 1024;

  /** A broker that heeds {@link #writable()} never comes near, whatever a script makes it send. */
  private static final int MOST_UNSENT_BYTES = 512 * 1024;

  /** What the broker finds in a buffer that it looks at after the call. */
  private static final byte USED = (byte) 0xEE;

  private static final Peer PEER = new Peer("tcp", "127.0.0.1", 40_000, List.of());

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

  /** What the peer has sent and nobody has read, in rounds. */
  private final ArrayDeque<List<byte[]>> rounds = new ArrayDeque<>();

  private final WireObserver observer;
  private final Handler handler;
  private boolean owned;
  private boolean reading = true;
  private boolean taking = true;
  private boolean awaited;
  private boolean ending;
  private boolean closed;
  private boolean hungUp;
  private long unsent;
  private long written;

  @SuppressWarnings("this-escape") // the acceptor only keeps it
  MemoryWire(Acceptor acceptor, WireObserver observer) {
    this.observer = observer;
    this.handler = acceptor.accept(this);
  }

  WireObserver observer() {
    return observer;
  }

  // -- what the peer does

  /** The peer sends; it arrives in pieces of this size, which are one round. */
  void send(byte[] bytes, int pieceBytes) {
    var round = new ArrayList<byte[]>();
    for (int from = 0; from < bytes.length; from += pieceBytes) {
      round.add(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + pieceBytes)));
    }
    if (!round.isEmpty() && isOpen()) {
      rounds.add(round);
    }
  }

  /** Hands over what the peer has sent, as far as the broker wants to read it. */
  void arrive() {
    while (reading && !ending && !rounds.isEmpty()) {
      for (var piece : rounds.remove()) {
        received(piece);
      }
      if (!ending) {
        asOwner(handler::receivedAll);
      }
    }
  }

  private void received(byte[] piece) {
    if (ending) {
      return;
    }
    observer.said(ByteBuffer.wrap(piece));
    var buffer = ByteBuffer.allocate(piece.length + 2).position(1).put(piece).flip().position(1);
    asOwner(() -> handler.received(buffer));
    Arrays.fill(buffer.array(), USED);
  }

  /** The peer takes all that is sent to it, or nothing more. */
  void taking(boolean on) {
    taking = on;
    if (on) {
      take(MOST_UNSENT_BYTES);
    }
  }

  /** The peer takes some of what waits for it. */
  void take(int bytes) {
    unsent = Math.max(0, unsent - bytes);
    tasks.add(this::tellWritable);
  }

  private void tellWritable() {
    if (awaited && writable() && !ending) {
      awaited = false;
      handler.writable();
    }
  }

  /** The peer is gone without a word. */
  void hangUp() {
    hungUp |= !ending;
    asOwner(this::tellClosed);
  }

  private void tellClosed() {
    ending = true;
    if (!closed) {
      closed = true;
      handler.closed();
    }
  }

  // -- what the owner does

  /** Runs the next task; returns false if there is none. */
  boolean runTask() {
    var task = tasks.poll();
    if (task != null) {
      asOwner(task);
    }
    return task != null;
  }

  private void asOwner(Runnable task) {
    assertThat(owned).as("the owner is called while it is at work").isFalse();
    owned = true;
    task.run();
    owned = false;
  }

  /** Returns whether there is something to do: a task, or bytes to read. */
  boolean isBusy() {
    return !tasks.isEmpty() || (reading && !ending && !rounds.isEmpty());
  }

  /** Returns whether the broker has not ended it and the peer has not either. */
  boolean isOpen() {
    return !ending;
  }

  boolean isReading() {
    return reading;
  }

  /** Returns whether the peer was the first to end it. */
  boolean hungUp() {
    return hungUp;
  }

  /** All was done that there was to do: see {@link WireObserver#requireOrder}. */
  void requireOrder() {
    observer.requireOrder(this);
  }

  long written() {
    return written;
  }

  // -- what the broker asks for

  @Override
  public Peer peer() {
    return PEER;
  }

  @Override
  public Executor executor() {
    return tasks::add;
  }

  private void requireOwner() {
    assertThat(owned).as("called by the owner").isTrue();
  }

  @Override
  public void write(ByteBuffer bytes) {
    requireOwner();
    written += bytes.remaining();
    if (ending) {
      return;
    }
    if (!taking) {
      unsent += bytes.remaining();
    }
    assertThat(unsent).as("bytes for a peer that takes nothing").isLessThan(MOST_UNSENT_BYTES);
    observer.answered(bytes);
  }

  @Override
  public boolean writable() {
    requireOwner();
    boolean writable = unsent <= HIGH_WATER_BYTES;
    awaited |= !writable;
    return writable;
  }

  @Override
  public long unsentBytes() {
    requireOwner();
    return unsent;
  }

  @Override
  public void reading(boolean on) {
    requireOwner();
    reading = on;
  }

  @Override
  public void finish() {
    requireOwner();
    end();
  }

  @Override
  public void abort() {
    requireOwner();
    end();
  }

  private void end() {
    if (!ending) {
      ending = true;
      tasks.add(this::tellClosed);
    }
  }
}
