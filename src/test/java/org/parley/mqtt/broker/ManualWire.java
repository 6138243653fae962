package org.parley.mqtt.broker;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.parley.core.ByteWire;
import org.parley.mqtt.packet.ProtocolVersion;

/**
 * A wire whose every move a test makes: one task of its owner, some bytes that arrive, the end.
 * What the server writes is cut into packets and told at once.
 */
final class ManualWire implements ByteWire {
  /** What is on the way to the server. */
  private static final class Underway {
    private final Said said;
    private final byte[] bytes;

    Underway(Said said, byte... bytes) {
      this.said = said;
      this.bytes = bytes;
    }
  }

  private static final Peer PEER = new Peer("tcp", "127.0.0.1", 1, List.of());

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final ArrayDeque<Underway> underway = new ArrayDeque<>();
  private final Random random;
  private final int most;

  /** How much of the first packet has arrived. */
  private int arrived;

  private long unsent;
  private boolean starved;
  private boolean reads = true;
  private boolean ended;
  private boolean lossy;
  private boolean finished;
  private boolean closed;

  /** A round of reading has had no turn of the owner behind it yet. */
  private boolean inRound;

  private @Nullable Handler handler;
  private @Nullable Consumer<Said> fed;
  private @Nullable BiConsumer<byte[], Integer> written;
  private Runnable over = () -> {};

  /**
   * @param most the bytes that may be unsent until the wire takes no more
   */
  ManualWire(Random random, int most) {
    this.random = random;
    this.most = most;
  }

  /**
   * Begins.
   *
   * @param server gives the handler
   * @param told hears of each packet that is about to arrive as a whole
   * @param writes hears of each packet that is written, and its length
   * @param finish hears that the server has ended the connection
   */
  void open(
      Acceptor server, Consumer<Said> told, BiConsumer<byte[], Integer> writes, Runnable finish) {
    fed = told;
    written = writes;
    over = finish;
    handler = server.accept(this);
  }

  // -- the client's side

  void send(Said said, ProtocolVersion version) {
    if (!ended) {
      underway.add(new Underway(said, said.bytes(version)));
    }
  }

  /** The client closes: what it has sent arrives. */
  void end() {
    ended = true;
  }

  /** The connection is cut: some of what is underway is lost, a packet is cut anywhere. */
  void cut() {
    if (ended) {
      return;
    }
    ended = true;
    lossy = true;
    int whole = random.nextInt(underway.size() + 1);
    while (underway.size() > whole + 1) {
      underway.removeLast();
    }
    if (underway.size() == whole + 1) {
      var last = underway.removeLast();
      int bytes = random.nextInt(last.bytes.length);
      if (bytes > (underway.isEmpty() ? arrived : 0)) {
        underway.add(new Underway(new Said.End(), Arrays.copyOf(last.bytes, bytes)));
      } else if (underway.isEmpty()) {
        arrived = 0;
      }
    }
  }

  /** The client has taken bytes. */
  void taken(int bytes) {
    unsent -= bytes;
    if (starved && unsent < most && !closed) {
      starved = false;
      tasks.add(() -> handler().writable());
    }
  }

  boolean isClosed() {
    return closed;
  }

  // -- moves

  boolean canMove() {
    return !tasks.isEmpty() || mayFeed() || mayClose();
  }

  private boolean mayFeed() {
    return !closed && !finished && reads && !underway.isEmpty();
  }

  private boolean mayClose() {
    return !closed && (finished || (ended && (underway.isEmpty() || (lossy && !reads))));
  }

  /** Runs what the owner has to do now. */
  void runTasks() {
    for (int waiting = tasks.size(); waiting > 0; waiting--) {
      tasks.remove().run();
    }
  }

  /** All that is underway arrives. */
  void arrive() {
    while (mayFeed()) {
      feed();
    }
    handler().receivedAll();
  }

  /** Makes one of the moves that are possible. */
  void move() {
    if (!tasks.isEmpty() && (random.nextBoolean() || !(mayFeed() || mayClose()))) {
      tasks.remove().run();
    } else if (mayFeed()) {
      for (int more = random.nextInt(3); more >= 0 && mayFeed(); more--) {
        feed();
      }
      if (!finished) {
        inRound = true;
        handler().receivedAll();
      }
    } else if (mayClose()) {
      closed = true;
      tell(new Said.End());
      handler().closed();
    }
  }

  /** No time passes between what was read and the turn behind it. */
  void endRound() {
    if (inRound) {
      inRound = false;
      runTasks();
    }
  }

  private void feed() {
    var chunk = ByteBuffer.allocate(underway.stream().mapToInt(all -> all.bytes.length).sum());
    underway.forEach(all -> chunk.put(all.bytes));
    chunk.flip().position(arrived);
    if (random.nextInt(3) == 0) {
      chunk.limit(arrived + 1 + random.nextInt(chunk.remaining()));
    }
    arrived += chunk.remaining();
    while (!underway.isEmpty() && arrived >= underway.element().bytes.length) {
      var next = underway.remove();
      arrived -= next.bytes.length;
      if (!(next.said instanceof Said.End)) {
        tell(next.said);
      }
    }
    handler().received(chunk);
  }

  private void tell(Said said) {
    if (fed != null) {
      fed.accept(said);
    }
  }

  private Handler handler() {
    if (handler == null) {
      throw new IllegalStateException("not open");
    }
    return handler;
  }

  // -- the server's side

  @Override
  public Peer peer() {
    return PEER;
  }

  @Override
  public Executor executor() {
    return tasks::add;
  }

  @Override
  public void write(ByteBuffer bytes) {
    if (finished || closed) {
      return;
    }
    while (bytes.hasRemaining()) {
      int length = length(bytes);
      var packet = new byte[length];
      bytes.get(packet);
      unsent += length;
      if (written != null) {
        written.accept(packet, length);
      }
    }
    starved |= !writable();
  }

  /** Returns how long the first packet is; the server writes none in parts. */
  private static int length(ByteBuffer bytes) {
    int at = bytes.position() + 1;
    int length = 0;
    for (int shift = 0; ; shift += 7) {
      int next = bytes.get(at++);
      length |= (next & 0x7F) << shift;
      if (next >= 0) {
        return at - bytes.position() + length;
      }
    }
  }

  @Override
  public boolean writable() {
    return unsent < most;
  }

  @Override
  public long unsentBytes() {
    return unsent;
  }

  @Override
  public void reading(boolean on) {
    reads = on;
  }

  @Override
  public void finish() {
    if (!finished) {
      finished = true;
      over.run();
    }
  }

  @Override
  public void abort() {
    finish();
  }
}
