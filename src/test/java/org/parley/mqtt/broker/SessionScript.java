package org.parley.mqtt.broker;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.state.StateLimits;
import org.parley.testing.mqtt.ChosenBytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.TestOptions;

/**
 * What three clients do to a broker, read from bytes. The first three bytes choose its options; a
 * set bit is what is not usual. Then each step has a byte that says who and how: bits 0 and 1 the
 * client; bit 2 keeps what it says for its next step; bit 3 lets the owners of the wires rest. Who
 * is not connected opens a wire and says a plain CONNECT, but for bit 4. The next byte says what is
 * done, and what that needs follows.
 */
final class SessionScript {
  static final int MOST_STEPS = 250;
  private static final int MOST_WIRES = 25;
  private static final int MOST_RAW_BYTES = 64;
  private static final int VERY_OFTEN = 0xB7;

  /** The answers to two of them are more than is kept for a peer; a script is to be fast. */
  private static final int BURST_BYTES = 75_000;

  private static final int MOST_BURSTS = 2;

  private static final int KEEPS_WORDS = 1 << 2;
  private static final int LETS_REST = 1 << 3;
  private static final int IS_RUDE = 1 << 4;
  private static final int CONNECTS_ANEW = 0;
  private static final int ACTIONS = 24;

  /** One of the clients: a wire after the other. */
  private final class Client {
    private final byte[] connect;
    private @Nullable MemoryWire wire;
    private final ByteArrayOutputStream words = new ByteArrayOutputStream();
    private byte[] lastPacket = {};
    private int pieceBytes = Integer.MAX_VALUE;
    private boolean spoils;

    Client(String clientId) {
      connect = ConnectBytes.v5(clientId).toByteArray();
    }

    MemoryWire wire() {
      return wire == null ? open() : wire;
    }

    private MemoryWire open() {
      var opened = broker.open();
      wire = opened;
      words.reset();
      return opened;
    }

    private boolean isConnected() {
      return wire != null && wire.isOpen();
    }

    /** Opens a wire if there is none, and says CONNECT unless it is told to be rude. */
    void begin(boolean rude) {
      if (!isConnected() && broker.wires().size() < MOST_WIRES) {
        var _ = open();
        if (!rude) {
          say(connect);
        }
      }
    }

    /** Opens a wire, in the place of another that it leaves without a word. */
    void beginAnew() {
      if (isConnected()) {
        wire().hangUp();
      }
      begin(true);
    }

    void say(byte[] packet) {
      lastPacket = spoils ? packets.spoiled(packet) : packet;
      words.writeBytes(lastPacket);
      spoils = false;
    }

    /** Says the last packet a few times more, or very often. */
    void repeat(int choice) {
      boolean bursts = choice == VERY_OFTEN && burstsLeft-- > 0;
      int times = bursts ? BURST_BYTES : choice % 32;
      for (int i = 0; i < times && words.size() < BURST_BYTES; i++) {
        words.writeBytes(lastPacket);
      }
    }

    void send() {
      wire().send(words.toByteArray(), pieceBytes);
      words.reset();
      wire().arrive();
    }
  }

  private final ChosenBytes chosen;
  private final ScriptPackets packets;
  private final BrokerByHand broker;
  private final List<Client> clients = Stream.of("a", "b", "c").map(Client::new).toList();
  private final boolean stops;
  private int burstsLeft = MOST_BURSTS;

  SessionScript(byte[] bytes) {
    chosen = new ChosenBytes(bytes);
    packets = new ScriptPackets(chosen);
    broker = new BrokerByHand(options());
    int ways = chosen.octet();
    broker.access().challenges = (ways & 1) == 0 ? 1 : 3;
    stops = (ways & 2) != 0;
  }

  BrokerByHand broker() {
    return broker;
  }

  /** Returns whether the broker is to be stopped in the middle of it all. */
  boolean stops() {
    return stops;
  }

  private TestOptions options() {
    var options = new TestOptions();
    int limits = chosen.octet();
    int features = chosen.octet();
    if ((limits & 1) != 0) {
      options.sessions = 4;
      options.queuedMessages = 3;
      options.queuedBytes = 2_000;
      options.subscriptions = 3;
      options.retainedMessages = 2;
      options.retainedBytes = 1_000;
    }
    options.overflow =
        List.of(
                StateLimits.Overflow.DROP_NEW,
                StateLimits.Overflow.DROP_OLDEST,
                StateLimits.Overflow.END_SESSION,
                StateLimits.Overflow.DROP_NEW)
            .get(limits >> 1 & 3);
    if ((limits & 8) != 0) {
      options.maximumPacketSize = 400;
      options.maximumConnectSize = 400;
      options.receiveMaximum = 2;
      options.topicAliasMaximum = 2;
      options.replay = 1;
      options.clientIdLength = 150;
      options.authenticationRounds = 2;
    }
    if ((limits & 16) != 0) {
      options.qos0Bytes = 10_000;
      options.waitingBytes = 40_000;
    }
    if ((limits & 32) != 0) {
      options.allQueuedBytes = 3_000;
    }
    if ((limits & 64) != 0) {
      options.publisherHold = Duration.ZERO;
    }
    if ((limits & 128) != 0) {
      options.maximumSessionExpiry = 1;
      options.maximumKeepAlive = 1;
    }
    options.maximumQos = (features & 1) == 0 ? 2 : 1;
    options.retainAvailable = (features & 2) == 0;
    options.wildcardAvailable = (features & 4) == 0;
    options.sharedAvailable = (features & 8) == 0;
    options.subscriptionIdsAvailable = (features & 16) == 0;
    options.checkPayloadFormat = (features & 32) != 0;
    options.rejectDisallowedCodePoints = (features & 64) == 0;
    options.responsePrefix = (features & 128) == 0 ? "" : "answers/";
    return options;
  }

  void play() {
    for (int i = 0; i < MOST_STEPS && !chosen.isUsedUp(); i++) {
      int how = chosen.octet();
      var client = clients.get((how & 3) % clients.size());
      int what = chosen.octet() % ACTIONS;
      if (what == CONNECTS_ANEW) {
        client.beginAnew();
      }
      client.begin((how & IS_RUDE) != 0);
      act(client, what);
      if ((how & KEEPS_WORDS) == 0) {
        client.send();
      }
      if ((how & LETS_REST) == 0) {
        broker.work();
      }
    }
    clients.forEach(Client::send);
  }

  private void act(Client client, int what) {
    var version = client.wire().observer().version().orElse(ProtocolVersion.V5);
    var exchanges = client.wire().observer().exchanges();
    switch (what) {
      case CONNECTS_ANEW, 1 -> client.say(packets.connect());
      case 2, 3, 4 -> client.say(packets.publish(version));
      case 5 -> client.say(packets.aliased());
      case 6, 7, 8 -> client.say(packets.subscribe(version));
      case 9 -> client.say(packets.unsubscribe(version));
      case 10 -> client.say(packets.acknowledgement(version, exchanges.lastPacketId()));
      case 11 -> client.repeat(chosen.octet());
      case 12, 13 -> client.say(exchanges.acknowledgements());
      case 14 -> client.say(packets.disconnect(version));
      case 15 -> client.say(packets.auth());
      case 16 -> client.say(new byte[] {(byte) 0xC0, 0});
      case 17 -> client.say(packets.legal(version));
      case 18 -> client.say(chosen.next(chosen.octet() % MOST_RAW_BYTES));
      case 19 -> client.spoils = true;
      case 20 -> behave(client);
      case 21 -> operate();
      case 22 -> broker.advance(Duration.ofMillis(chosen.pick(1, 10, 600, 10_000, 70_000)));
      default -> client.wire().hangUp();
    }
  }

  /** Not what the client says, but how. */
  private void behave(Client client) {
    switch (chosen.octet() % 6) {
      case 0 -> client.wire().taking(false);
      case 1 -> client.wire().taking(true);
      case 2 -> client.pieceBytes = 1 + chosen.octet();
      case 3 -> client.pieceBytes = Integer.MAX_VALUE;
      case 4 -> client.wire().take(10_000);
      default -> {
        var _ = client.wire().runTask();
      }
    }
  }

  /** What happens to the broker beside its clients. */
  private void operate() {
    switch (chosen.octet() % 8) {
      case 0 -> broker.broker().endSession(chosen.pick(ScriptPackets.CLIENTS));
      case 1 -> broker.publish(TopicName.of("$SYS/broker/uptime"), "1");
      case 2 -> change(broker.access().denied, chosen.pick(ScriptPackets.TOPICS));
      case 3 -> change(broker.access().denied, chosen.pick(ScriptPackets.FILTERS));
      case 4 -> change(broker.access().banned, chosen.pick(ScriptPackets.CLIENTS));
      case 5 -> broker.clock().correct(Duration.ofMinutes(chosen.pick(1, -1)));
      case 6 -> broker.broker().drain();
      default -> broker.broker().start();
    }
  }

  /** A right is taken away, or given back, and the broker is told. */
  private void change(Set<String> names, String name) {
    if (!names.remove(name)) {
      names.add(name);
    }
    broker.access().changed();
    broker.broker().rightsChanged();
  }
}
