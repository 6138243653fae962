import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Thousands of durable sessions that come and go for a long time, and one that is away throughout.
 *
 * <p>{@code java Soak.java PORT SESSIONS SECONDS MESSAGES_A_SECOND COMES_AND_GOES_A_SECOND}. Each session
 * subscribes to its own topic with QoS 1; ten publishers number the messages of each topic. Sessions
 * leave, with DISCONNECT or without a word, and are back after five seconds. Ten visitors a second
 * subscribe, leave, and never come back: their sessions last for a minute. Prints a line of figures
 * every ten seconds, and at the end, when everybody was back, what was lost or out of order.
 */
public final class Soak {
  private static final int PUBLISHERS = 10;
  private static final int WINDOW = 64;
  private static final int PAYLOAD = 256;
  private static final int VISITORS_A_SECOND = 10;
  private static final int VISIT_SECONDS = 60;
  private static final int AWAY_SECONDS = 5;
  private static final long SECOND = 1_000_000_000L;

  private final int port;
  private final int sessions;
  private final int rate;
  private final int churn;
  private final Selector selector;
  private final ByteBuffer input = ByteBuffer.allocateDirect(1 << 16);
  private final Random random = new Random(1);
  private final Peer[] peers;
  private final int[] acknowledged;
  private final int[] received;
  private final int[] sent;
  private final List<Peer> publishers = new ArrayList<>();
  private final ArrayDeque<Runnable> later = new ArrayDeque<>();
  private final ArrayDeque<Away> away = new ArrayDeque<>();
  private int connecting;
  private long published;
  private long deliveries;
  private long duplicates;
  private long faults;
  private long refused;
  private long leaves;
  private long visits;

  private record Away(int session, long until) {}

  private Soak(int port, int sessions, int rate, int churn) throws IOException {
    this.port = port;
    this.sessions = sessions;
    this.rate = rate;
    this.churn = churn;
    selector = Selector.open();
    peers = new Peer[sessions + 1]; // the last is away throughout
    acknowledged = new int[sessions + 1];
    received = new int[sessions + 1];
    sent = new int[sessions + 1];
  }

  /** One connection. */
  private final class Peer {
    final SocketChannel channel;
    final SelectionKey key;
    final int session;
    final boolean visitor;
    final ArrayDeque<ByteBuffer> output = new ArrayDeque<>();
    final ArrayDeque<Integer> unacknowledged = new ArrayDeque<>();
    ByteBuffer rest = ByteBuffer.allocate(0);
    Runnable greeted = () -> {};
    boolean ready;
    int packetId;

    /** A session's, or a publisher's if that is -1. */
    Peer(String clientId, int session, int expiry, boolean visitor, Runnable greeted) throws IOException {
      this.session = session;
      this.visitor = visitor;
      this.greeted = greeted;
      channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      key = channel.register(selector, SelectionKey.OP_CONNECT, this);
      connecting++;
      var id = clientId.getBytes(StandardCharsets.UTF_8);
      var connect = ByteBuffer.allocate(64);
      connect.putShort((short) 4).put("MQTT".getBytes(StandardCharsets.UTF_8)).put((byte) 5).put((byte) 0).putShort((short) 0);
      connect.put((byte) 8).put((byte) 0x11).putInt(expiry).put((byte) 0x21).putShort((short) WINDOW);
      connect.putShort((short) id.length).put(id).flip();
      output.add(packet(0x10, connect));
    }

    void send(ByteBuffer packet) throws IOException {
      output.add(packet);
      if (ready) {
        flush();
      }
    }

    void flush() throws IOException {
      while (!output.isEmpty()) {
        channel.write(output.peek());
        if (output.peek().hasRemaining()) {
          key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
          return;
        }
        output.poll();
      }
      key.interestOps(SelectionKey.OP_READ);
    }

    void subscribe(String filter) throws IOException {
      var text = filter.getBytes(StandardCharsets.UTF_8);
      var body = ByteBuffer.allocate(64).putShort((short) 1).put((byte) 0).putShort((short) text.length);
      send(packet(0x82, body.put(text).put((byte) 1).flip()));
    }

    void publish(int to) throws IOException {
      packetId = packetId % 60_000 + 1;
      var topic = topic(to).getBytes(StandardCharsets.UTF_8);
      var body = ByteBuffer.allocate(PAYLOAD + 64).putShort((short) topic.length).put(topic);
      body.putShort((short) packetId).put((byte) 0).putInt(to).putInt(++sent[to]).put(new byte[PAYLOAD - 8]).flip();
      unacknowledged.add(to);
      send(packet(0x32, body));
    }

    void read() throws IOException {
      input.clear();
      int count = channel.read(input);
      if (count < 0) {
        throw new IOException("closed by the broker");
      }
      input.flip();
      var all = ByteBuffer.allocate(rest.remaining() + input.remaining()).put(rest).put(input).flip();
      while (take(all)) {}
      rest = ByteBuffer.allocate(all.remaining()).put(all).flip();
    }

    /** Takes a packet if it is whole. */
    private boolean take(ByteBuffer all) throws IOException {
      all.mark();
      if (all.remaining() < 2) {
        return false;
      }
      int type = all.get() & 0xFF;
      int length = 0;
      int shift = 0;
      int octet;
      do {
        if (!all.hasRemaining()) {
          all.reset();
          return false;
        }
        octet = all.get();
        length |= (octet & 0x7F) << shift;
        shift += 7;
      } while (octet < 0);
      if (all.remaining() < length) {
        all.reset();
        return false;
      }
      heard(type, all.slice(all.position(), length));
      all.position(all.position() + length);
      return true;
    }

    private void heard(int type, ByteBuffer body) throws IOException {
      switch (type >> 4) {
        case 2 -> {
          if (body.get(1) != 0) {
            refused++;
            throw new IOException("CONNACK " + (body.get(1) & 0xFF));
          }
          connecting--;
          ready = true;
          greeted.run();
          flush();
        }
        case 3 -> delivered(body);
        case 4 -> {
          int to = unacknowledged.poll();
          published++;
          acknowledged[to]++;
          int reason = body.remaining() > 2 ? body.get(2) & 0xFF : 0;
          if (reason >= 0x80) {
            fault("PUBACK " + reason);
          }
        }
        case 9 -> {
          if (visitor) {
            visits++;
            later.add(() -> end(this, random.nextBoolean()));
          }
        }
        case 14 -> throw new IOException("DISCONNECT " + (body.get(0) & 0xFF));
        default -> {}
      }
    }

    private void delivered(ByteBuffer body) throws IOException {
      int topic = body.getShort();
      body.position(2 + topic);
      short id = body.getShort();
      int properties = body.get();
      body.position(body.position() + properties);
      int to = body.getInt();
      int number = body.getInt();
      deliveries++;
      if (visitor) {
        return; // it is about to leave
      }
      if (to != session) {
        fault("session " + session + " has a message of " + to);
      } else if (number <= received[to]) {
        duplicates++;
      } else if (number != received[to] + 1) {
        fault("session " + to + " has " + number + " after " + received[to]);
        received[to] = number;
      } else {
        received[to] = number;
      }
      send(ByteBuffer.allocate(4).put((byte) 0x40).put((byte) 2).putShort(id).flip());
    }
  }

  private static ByteBuffer packet(int type, ByteBuffer body) {
    int length = body.remaining();
    var packet = ByteBuffer.allocate(length + 5).put((byte) type);
    do {
      packet.put((byte) (length > 0x7F ? length & 0x7F | 0x80 : length));
      length >>= 7;
    } while (length > 0);
    return packet.put(body).flip();
  }

  private static String topic(int session) {
    return "soak/" + session;
  }

  private void fault(String text) {
    faults++;
    if (faults < 20) {
      System.err.println(text);
    }
  }

  private void connect(int session, boolean first) {
    try {
      peers[session] = new Peer("soak-" + session, session, 7_200, false, () -> {});
      if (first) {
        peers[session].greeted = () -> subscribe(peers[session], session);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void subscribe(Peer peer, int session) {
    try {
      peer.subscribe(topic(session));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void end(Peer peer, boolean politely) {
    try {
      if (politely) {
        peer.channel.write(ByteBuffer.wrap(new byte[] {(byte) 0xE0, 0}));
      } else {
        peer.channel.setOption(StandardSocketOptions.SO_LINGER, 0); // a reset
      }
      peer.channel.close();
    } catch (IOException e) {
      fault("cannot leave: " + e);
    }
  }

  private void turn(long millis) throws IOException {
    selector.select(millis);
    for (var key : selector.selectedKeys()) {
      var peer = (Peer) key.attachment();
      if (!key.isValid()) {
        continue;
      }
      try {
        if (key.isConnectable() && peer.channel.finishConnect()) {
          peer.flush();
        } else if (key.isWritable()) {
          peer.flush();
        }
        if (key.isValid() && key.isReadable()) {
          peer.read();
        }
      } catch (IOException e) {
        fault("session " + peer.session + ": " + e.getMessage());
        peer.channel.close();
      }
    }
    selector.selectedKeys().clear();
    while (!later.isEmpty()) {
      later.poll().run();
    }
  }

  private void connectAll() throws IOException {
    for (int session = 0; session <= sessions; session++) {
      connect(session, true);
      while (connecting > 100) {
        turn(10);
      }
    }
    for (int i = 0; i < PUBLISHERS; i++) {
      publishers.add(new Peer("soak-publisher-" + i, -1, 0, false, () -> {}));
    }
    while (connecting > 0) {
      turn(10);
    }
    end(peers[sessions], true);
  }

  private void run(int seconds) throws IOException {
    long begin = System.nanoTime();
    long end = begin + seconds * SECOND;
    long publishedSoFar = 0;
    long left = 0;
    long visited = 0;
    long owedAway = 0;
    int lines = 0;
    for (long now = begin; now < end; now = System.nanoTime()) {
      double passed = (now - begin) / 1e9;
      for (; left < passed * churn; left++) {
        leave(random.nextInt(sessions), now);
      }
      for (; visited < passed * VISITORS_A_SECOND; visited++) {
        visit(visited);
      }
      for (; owedAway < passed; owedAway++) {
        publish(sessions);
      }
      for (; publishedSoFar < passed * rate; publishedSoFar++) {
        publish(random.nextInt(sessions));
      }
      comeBack(now);
      turn(5);
      if (passed > (lines + 1) * 10) {
        lines++;
        say((long) passed);
      }
    }
  }

  private void publish(int to) throws IOException {
    var publisher = publishers.get(to % PUBLISHERS);
    if (publisher.unacknowledged.size() < WINDOW) {
      publisher.publish(to);
    }
  }

  private void leave(int session, long now) {
    var peer = peers[session];
    if (peer.ready && peer.channel.isOpen()) {
      leaves++;
      end(peer, random.nextBoolean());
      away.add(new Away(session, now + AWAY_SECONDS * SECOND));
    }
  }

  private void visit(long number) throws IOException {
    var visitor = new Peer("visitor-" + number, -1, VISIT_SECONDS, true, () -> {});
    visitor.greeted = () -> subscribe(visitor, random.nextInt(sessions));
  }

  private void comeBack(long now) {
    while (!away.isEmpty() && away.peek().until < now) {
      connect(away.poll().session, false);
    }
  }

  private void say(long seconds) {
    System.out.println(
        "seconds " + seconds + " acknowledged " + published + " deliveries " + deliveries + " duplicates " + duplicates
            + " left-and-back " + leaves + " visits " + visits + " refused " + refused + " faults " + faults);
  }

  /** Everybody is back and takes what is owed. */
  private void settle() throws IOException {
    comeBack(Long.MAX_VALUE);
    connect(sessions, false);
    long end = System.nanoTime() + 120 * SECOND;
    while (System.nanoTime() < end && missing() > 0) {
      turn(10);
    }
  }

  private long missing() {
    long missing = 0;
    for (int session = 0; session <= sessions; session++) {
      missing += Math.max(0, acknowledged[session] - received[session]);
    }
    return missing;
  }

  public static void main(String[] arguments) throws IOException {
    var soak =
        new Soak(
            Integer.parseInt(arguments[0]),
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]));
    long begin = System.nanoTime();
    soak.connectAll();
    System.out.printf("connected %d sessions in %.1f s%n", soak.sessions + 1, (System.nanoTime() - begin) / 1e9);
    soak.run(Integer.parseInt(arguments[2]));
    soak.settle();
    soak.say(Long.parseLong(arguments[2]));
    System.out.println(
        "the one that was away has " + soak.received[soak.sessions] + " of " + soak.acknowledged[soak.sessions] + "; lost " + soak.missing());
    System.exit(soak.faults == 0 && soak.missing() == 0 ? 0 : 1);
  }
}
