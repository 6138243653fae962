package org.parley.mqtt.codec;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.codec.Decoded.Answer;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.Pingreq;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;

/**
 * Bytes of one client to packets. The version is the one of its CONNECT, which comes first. The
 * size of a packet is judged by its fixed header, before anybody has to keep its body; a packet is
 * read within exactly its Remaining Length. What was refused once stays refused: nothing behind it
 * is read any more. One thread at a time.
 */
public final class PacketDecoder {
  // the types of the fixed header, section 2.1.2
  private static final int RESERVED = 0;
  private static final int CONNECT = 1;
  private static final int CONNACK = 2;
  private static final int PUBLISH = 3;
  private static final int PUBACK = 4;
  private static final int PUBREC = 5;
  private static final int PUBREL = 6;
  private static final int PUBCOMP = 7;
  private static final int SUBSCRIBE = 8;
  private static final int SUBACK = 9;
  private static final int UNSUBSCRIBE = 10;
  private static final int UNSUBACK = 11;
  private static final int PINGREQ = 12;
  private static final int PINGRESP = 13;
  private static final int DISCONNECT = 14;
  private static final int AUTH = 15;
  private static final int FLAGS = 0x0f;
  private static final int TYPE_SHIFT = 4;
  private static final int FLAGS_0000 = 0;
  private static final int FLAGS_0010 = 2;

  /** The flags of a request that a client of MQTT 3.1 repeats: DUP is set. */
  private static final int FLAGS_REPEATED = 0b1010;

  private static final int MORE = 0x80;
  private static final int LONGEST_LENGTH = 4;
  private static final int LEAST_PACKET = 2;

  private final DecoderLimits limits;
  private final PacketReader reader;
  private final PublishReader publishes;
  private final SubscriptionReader subscriptions;
  private final AnswerReader answers;

  private Optional<ProtocolVersion> version = Optional.empty();
  private boolean connected;
  private Decoded.@Nullable Rejected rejected;

  /** Begins before CONNECT. */
  public PacketDecoder(DecoderLimits limits) {
    this.limits = limits;
    reader = new PacketReader(limits);
    publishes = new PublishReader(reader);
    subscriptions = new SubscriptionReader(reader);
    answers = new AnswerReader(reader);
  }

  /** Begins behind a CONNECT of that version. */
  public PacketDecoder(DecoderLimits limits, ProtocolVersion version) {
    this(limits);
    this.version = Optional.of(version);
    connected = true;
  }

  /**
   * Returns the version that CONNECT told. If CONNECT was refused behind its version, it is the one
   * whose form the CONNACK has: {@link ProtocolVersion#V5} for a level that is newer than 5, {@link
   * ProtocolVersion#V3_1_1} for others that are not spoken.
   */
  public Optional<ProtocolVersion> version() {
    return version;
  }

  /**
   * Decodes one packet, which begins at the buffer's position. A whole one is consumed, the
   * beginning of one is not. After {@link Decoded.Rejected} everything is consumed, now and in
   * later calls.
   */
  public Decoded decode(ByteBuffer bytes) {
    var decoded = rejected != null ? rejected : decodeNext(bytes);
    if (decoded instanceof Decoded.Rejected refused) {
      rejected = refused;
      bytes.position(bytes.limit());
    }
    reader.release();
    return decoded;
  }

  private Decoded decodeNext(ByteBuffer bytes) {
    int from = bytes.position();
    int available = bytes.remaining();
    if (available == 0) {
      return new Decoded.NeedMore(LEAST_PACKET);
    }
    reader.begin(bytes, from, bytes.limit());
    int first = reader.octet();
    int type = first >> TYPE_SHIFT;
    checkFirstByte(type, first & FLAGS);
    int headerLength = headerLength(bytes, from, available);
    if (reader.failed()) {
      return failure(connected ? afterConnect() : Answer.NONE);
    }
    if (headerLength == 0) {
      return new Decoded.NeedMore(1);
    }
    int length = reader.variableByteInteger();
    int size = headerLength + length;
    checkLength(type, length, size);
    if (reader.failed()) {
      return refuseByLength(bytes, from + headerLength);
    }
    if (available < size) {
      return new Decoded.NeedMore(size - available);
    }
    reader.begin(bytes, from + headerLength, from + size);
    var decoded = connected ? decodeBody(type, first & FLAGS, size) : decodeConnect(size);
    bytes.position(from + size);
    return decoded;
  }

  /** Returns the length of the fixed header, 2 to 5; 0 if not all of it is there. */
  private int headerLength(ByteBuffer bytes, int from, int available) {
    for (int i = 1; i < available; i++) {
      if ((bytes.get(from + i) & MORE) == 0) {
        return i + 1;
      }
      if (i == LONGEST_LENGTH) {
        reader.malformed("a Remaining Length of more than four bytes");
        return 0;
      }
    }
    return 0;
  }

  private void checkFirstByte(int type, int flags) {
    if (!connected && type != CONNECT) {
      reader.protocolError("the first packet is not CONNECT"); // [MQTT-3.1.0-1]
      return;
    }
    switch (type) {
      case RESERVED -> reader.malformed("reserved packet type");
      case CONNECT -> {
        if (connected) {
          reader.protocolError("a second CONNECT"); // [MQTT-3.1.0-2]
        }
        checkFlags(flags, FLAGS_0000);
      }
      case PUBLISH -> PublishReader.checkFlags(flags, reader);
      case CONNACK, SUBACK, UNSUBACK, PINGRESP ->
          reader.protocolError("a packet that only a server sends");
      case PUBREL, SUBSCRIBE, UNSUBSCRIBE ->
          checkFlags(repeatable(flags), FLAGS_0010); // [MQTT-3.6.1-1], 3.8.1, 3.10.1
      case AUTH -> {
        if (!speaks(ProtocolVersion.V5)) {
          reader.protocolError("AUTH before MQTT 5.0");
        }
        checkFlags(flags, FLAGS_0000);
      }
      default -> checkFlags(flags, FLAGS_0000);
    }
  }

  private int repeatable(int flags) {
    return flags == FLAGS_REPEATED && speaks(ProtocolVersion.V3_1) ? FLAGS_0010 : flags;
  }

  private void checkFlags(int flags, int expected) {
    if (flags != expected) {
      reader.malformed("flags of the fixed header"); // [MQTT-2.1.3-1]
    }
  }

  private void checkLength(int type, int length, int size) {
    int maximum = connected ? limits.maximumPacketSize() : limits.maximumConnectSize();
    if (size > maximum) {
      reader.fail(ReasonCode.PACKET_TOO_LARGE, "a packet that is too large");
    } else if (type == PINGREQ && length != 0) {
      reader.malformed("PINGREQ with a body");
    }
  }

  /** A CONNECT that is too large is told so if its version is there already. */
  private Decoded refuseByLength(ByteBuffer bytes, int bodyFrom) {
    if (connected || reader.failure() != ReasonCode.PACKET_TOO_LARGE) {
      return failure(connected ? afterConnect() : Answer.NONE);
    }
    var silent = failure(Answer.NONE);
    reader.begin(bytes, bodyFrom, bytes.limit());
    var connects = new ConnectReader(reader);
    connects.readVersion();
    if (reader.failed()) {
      return silent;
    }
    version = connects.version();
    return speaks(ProtocolVersion.V5)
        ? new Decoded.Rejected(silent.reason(), silent.detail(), Answer.CONNACK)
        : silent;
  }

  private boolean speaks(ProtocolVersion asked) {
    return version.isPresent() && version.get() == asked;
  }

  private Decoded.Rejected failure(Answer answer) {
    var reason = reader.failure();
    if (reason == null) {
      throw new IllegalStateException("nothing is wrong");
    }
    return new Decoded.Rejected(reason, reader.detail(), answer);
  }

  /** Before 5.0 a server has no way to say why it closes. */
  private Answer afterConnect() {
    return speaks(ProtocolVersion.V5) ? Answer.DISCONNECT : Answer.NONE;
  }

  private Decoded decodeConnect(int size) {
    var connects = new ConnectReader(reader);
    var connect = connects.read();
    checkEnd();
    version = connects.version();
    if (reader.failed()) {
      return failure(answerToConnect());
    }
    connected = true;
    return new Decoded.Complete(connect, size);
  }

  /**
   * MQTT 3.1.1 has a return code for a level that is not spoken, and none for what is malformed.
   */
  private Answer answerToConnect() {
    boolean told =
        speaks(ProtocolVersion.V5)
            || (version.isPresent() && reader.failure() == ReasonCode.UNSUPPORTED_PROTOCOL_VERSION);
    return told ? Answer.CONNACK : Answer.NONE;
  }

  private Decoded decodeBody(int type, int flags, int size) {
    var packet = readBody(type, flags, version.orElseThrow());
    checkEnd();
    return reader.failed() ? failure(afterConnect()) : new Decoded.Complete(packet, size);
  }

  private Packet readBody(int type, int flags, ProtocolVersion spoken) {
    return switch (type) {
      case PUBLISH -> publishes.read(flags, spoken);
      case PUBACK -> answers.readPuback(spoken);
      case PUBREC -> answers.readPubrec(spoken);
      case PUBREL -> answers.readPubrel(spoken);
      case PUBCOMP -> answers.readPubcomp(spoken);
      case SUBSCRIBE -> subscriptions.readSubscribe(spoken);
      case UNSUBSCRIBE -> subscriptions.readUnsubscribe(spoken);
      case PINGREQ -> Pingreq.INSTANCE;
      case DISCONNECT -> answers.readDisconnect(spoken);
      case AUTH -> answers.readAuth();
      default -> throw new IllegalStateException("the fixed header was not judged");
    };
  }

  private void checkEnd() {
    if (reader.hasMore()) {
      reader.malformed("bytes behind the last field");
    }
  }
}
