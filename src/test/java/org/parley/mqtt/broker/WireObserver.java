package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.parley.core.ByteBudget;
import org.parley.core.Ticker;
import org.parley.mqtt.codec.Decoded;
import org.parley.mqtt.codec.DecoderLimits;
import org.parley.mqtt.codec.PacketDecoder;
import org.parley.mqtt.packet.Auth;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.Disconnect;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.ServerPacketReader;

/**
 * Sees both directions of one wire. Whatever the client says, the server says legal packets only,
 * those of them that may stand there, and in the end why it ends.
 */
final class WireObserver {
  /** What a CONNACK or a DISCONNECT with a reason needs; a peer that takes less is told nothing. */
  private static final int REASON_BYTES = 5;

  private final MqttOptions options;
  private final Ticker ticker;
  private final long openedNanos;
  private final PacketDecoder decoder;
  private final PacketInput input;
  private final Exchanges exchanges = new Exchanges();
  private @Nullable Connect connect;
  private @Nullable Connack connack;
  private Decoded.@Nullable Rejected fault;
  private @Nullable Packet last;
  private boolean goodbye;
  private Consumer<Publish> watcher = _ -> {};

  WireObserver(MqttOptions options, Ticker ticker) {
    this.options = options;
    this.ticker = ticker;
    this.openedNanos = ticker.nanos();
    this.decoder =
        new PacketDecoder(
            new DecoderLimits(
                options.maximumPacketSize(),
                options.maximumConnectSize(),
                options.rejectDisallowedCodePoints()));
    this.input = new PacketInput(decoder, this::said, new ByteBudget(Long.MAX_VALUE));
  }

  // -- the client

  /** Bytes are about to be handed to the broker. */
  void said(ByteBuffer bytes) {
    input.feed(bytes);
  }

  private boolean said(Decoded decoded) {
    switch (decoded) {
      case Decoded.Complete(var packet, var _) -> {
        if (packet instanceof Connect first) {
          connect = first;
        }
        goodbye |= packet instanceof Disconnect;
        exchanges.said(packet);
      }
      case Decoded.Rejected rejected -> fault = rejected;
      case Decoded.NeedMore _ -> {}
    }
    return fault == null;
  }

  Optional<ProtocolVersion> version() {
    return decoder.version();
  }

  Exchanges exchanges() {
    return exchanges;
  }

  Optional<Connect> connect() {
    return Optional.ofNullable(connect);
  }

  /** Returns the Client Identifier, if it is known: its own or the one it was given. */
  Optional<String> clientId() {
    var assigned = Optional.ofNullable(connack).flatMap(all -> all.properties().assignedClientId());
    return assigned.or(() -> connect().map(Connect::clientId));
  }

  boolean isAccepted() {
    return connack != null && connack.reason() == ReasonCode.SUCCESS;
  }

  /** Tells somebody of each message that comes. */
  void watch(Consumer<Publish> told) {
    watcher = told;
  }

  /** Returns the last packet that has come. */
  Optional<Packet> last() {
    return Optional.ofNullable(last);
  }

  // -- the server

  /** The broker has written whole packets. */
  void answered(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      var packet = new byte[Math.min(bytes.remaining(), sizeBytes(bytes))];
      bytes.get(packet);
      assertThat(version()).as("the version of who is answered").isPresent();
      answered(ServerPacketReader.read(packet, version().orElseThrow()), packet.length);
    }
  }

  /** Returns the size that the fixed header tells. */
  private static int sizeBytes(ByteBuffer bytes) {
    int length = 0;
    int at = bytes.position() + 1;
    for (int shift = 0; shift < 28 && at < bytes.limit(); shift += 7) {
      int octet = bytes.get(at++);
      length |= (octet & 0x7F) << shift;
      if (octet >= 0) {
        break;
      }
    }
    return at - bytes.position() + length;
  }

  private void answered(Packet packet, int size) {
    var asked = connect;
    assertThat(isOver(last)).as("%s behind %s", packet, last).isFalse();
    if (asked != null) {
      assertThat((long) size)
          .as("size of %s", packet.type())
          .isLessThanOrEqualTo(asked.properties().maximumPacketSize().orElse(Long.MAX_VALUE));
    }
    last = packet;
    if (packet instanceof Connack accepted) {
      assertThat(connack).as("a former CONNACK").isNull();
      connack = accepted;
      begin(accepted, asked);
    } else {
      assertThat(connack != null || packet instanceof Auth).as("%s first", packet).isTrue();
      exchanges.answered(packet);
      if (packet instanceof Publish publish) {
        watcher.accept(publish);
      }
    }
  }

  private void begin(Connack accepted, @Nullable Connect asked) {
    if (accepted.reason() == ReasonCode.SUCCESS && asked != null) {
      exchanges.begin(
          Math.min(asked.properties().receiveMaximum(), options.receiveMaximum()),
          asked.properties().topicAliasMaximum(),
          !asked.cleanStart());
    } else {
      assertThat(accepted.reason().isFailure()).as("refused").isTrue();
    }
  }

  /** Returns whether nothing may follow. */
  private static boolean isOver(@Nullable Packet packet) {
    return packet instanceof Disconnect
        || (packet instanceof Connack connack && connack.reason().isFailure());
  }

  // -- the end

  /** The broker has had time for everything. */
  void requireOrder(MemoryWire wire) {
    if (wire.isOpen()) {
      assertThat(isOver(last) || goodbye).as("open behind its end").isFalse();
      assertThat(fault).as("what was wrong and did not end the connection").isNull();
      assertThat(wire.isReading()).as("a peer is read").isTrue();
      if (isAccepted()) {
        exchanges.requireAnswers();
      } else {
        assertThat(connect == null || last instanceof Auth).as("CONNECT was answered").isTrue();
      }
    } else if (!wire.hungUp()) {
      requireReason();
    }
  }

  private boolean isLate() {
    return ticker.nanos() - openedNanos >= options.connectTimeout().toNanos();
  }

  /** MQTT 5.0 section 4.13: the server has ended it, and said why where it can. */
  private void requireReason() {
    var asked = connect;
    var wrong = fault;
    if (asked == null) {
      boolean told = wrong != null && wrong.answer() == Decoded.Answer.CONNACK;
      assertThat(isOver(last) == told || isLate()).as("told why: %s", wrong).isTrue();
      return;
    }
    boolean mayBeSilent =
        goodbye
            || (!isAccepted() && isLate())
            || asked.properties().maximumPacketSize().orElse(REASON_BYTES) < REASON_BYTES;
    if (asked.version() == ProtocolVersion.V5 && !mayBeSilent) {
      assertThat(isOver(last)).as("told why, after %s", last).isTrue();
    }
  }
}
