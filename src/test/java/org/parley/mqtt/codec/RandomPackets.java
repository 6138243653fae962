package org.parley.mqtt.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.Auth;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.Disconnect;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.Pingreq;
import org.parley.mqtt.packet.Pingresp;
import org.parley.mqtt.packet.ProblemInformation;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.ReasonCode.Place;
import org.parley.mqtt.packet.RetainHandling;
import org.parley.mqtt.packet.Suback;
import org.parley.mqtt.packet.Subscribe;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.packet.Unsuback;
import org.parley.mqtt.packet.Unsubscribe;
import org.parley.mqtt.packet.UserProperty;
import org.parley.mqtt.packet.Will;

/** Legal packets of every kind, by chance. What a version does not have is absent. */
public final class RandomPackets {
  private static final String[] LETTERS = {"a", "B", "7", "/", " ", "ä", "€", "\uFEFF", "😀", "$"};

  private final RandomGenerator random;
  private final ProtocolVersion version;
  private final boolean five;

  public RandomPackets(RandomGenerator random, ProtocolVersion version) {
    this.random = random;
    this.version = version;
    five = version == ProtocolVersion.V5;
  }

  /** Returns a packet that a client may send. */
  public Packet ofClient() {
    return switch (random.nextInt(five ? 11 : 10)) {
      case 0 -> connect();
      case 1 -> publish(List.of());
      case 2 -> new Puback(packetId(), reason(Place.PUBACK), problem());
      case 3 -> new Pubrec(packetId(), reason(Place.PUBREC), problem());
      case 4 -> new Pubrel(packetId(), reason(Place.PUBREL), problem());
      case 5 -> new Pubcomp(packetId(), reason(Place.PUBCOMP), problem());
      case 6 -> subscribe();
      case 7 -> new Unsubscribe(packetId(), user(), some(this::text, 1));
      case 8 -> Pingreq.INSTANCE;
      case 9 ->
          new Disconnect(
              reason(Place.DISCONNECT_OF_CLIENT), seconds(), problem(), Optional.empty());
      default -> new Auth(reason(Place.AUTH_OF_CLIENT), text(), maybe(this::data), problem());
    };
  }

  /** Returns a packet that a server may send. */
  Packet ofServer() {
    return switch (random.nextInt(five ? 11 : 9)) {
      case 0 -> connack();
      case 1, 2 -> publish(five ? some(() -> 1 + random.nextInt(268_435_455), 0) : List.of());
      case 3 -> new Puback(packetId(), reason(Place.PUBACK), problem());
      case 4 -> new Pubrec(packetId(), reason(Place.PUBREC), problem());
      case 5 -> new Pubrel(packetId(), reason(Place.PUBREL), problem());
      case 6 -> new Suback(packetId(), some(this::subackReason, 1), problem());
      case 7 ->
          new Unsuback(
              packetId(), five ? some(() -> reason(Place.UNSUBACK), 1) : List.of(), problem());
      case 8 -> Pingresp.INSTANCE;
      case 9 ->
          new Disconnect(
              reason(Place.DISCONNECT_OF_SERVER),
              OptionalLong.empty(),
              problem(),
              maybe(this::text));
      default -> new Auth(reason(Place.AUTH_OF_SERVER), text(), maybe(this::data), problem());
    };
  }

  private Connect connect() {
    var userName = maybe(this::text);
    boolean mayHavePassword = version != ProtocolVersion.V3_1_1 || userName.isPresent();
    var method = five ? maybe(this::text) : Optional.<String>empty();
    var properties =
        five
            ? new Connect.Properties(
                seconds(),
                1 + random.nextInt(65535),
                random.nextBoolean()
                    ? OptionalLong.of(1 + random.nextLong(0xFFFFFFFFL))
                    : OptionalLong.empty(),
                random.nextInt(65536),
                random.nextBoolean(),
                random.nextBoolean(),
                method,
                method.isPresent() ? maybe(this::data) : Optional.empty(),
                user())
            : Connect.Properties.NONE;
    return new Connect(
        version,
        random.nextBoolean(),
        random.nextInt(65536),
        properties,
        text(),
        maybe(this::will),
        userName,
        mayHavePassword ? maybe(this::data) : Optional.empty());
  }

  private Will will() {
    return new Will(
        TopicName.of(text()),
        data(),
        qos(),
        random.nextBoolean(),
        five && random.nextBoolean() ? random.nextLong(0x100000000L) : 0,
        message());
  }

  private Connack connack() {
    if (!five) {
      boolean present = version == ProtocolVersion.V3_1_1 && random.nextBoolean();
      return present
          ? new Connack(true, ReasonCode.SUCCESS, Connack.Properties.NONE)
          : Connack.refused(
              pick(
                  ReasonCode.SUCCESS,
                  ReasonCode.UNSUPPORTED_PROTOCOL_VERSION,
                  ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                  ReasonCode.SERVER_UNAVAILABLE,
                  ReasonCode.BAD_USER_NAME_OR_PASSWORD,
                  ReasonCode.NOT_AUTHORIZED));
    }
    var reason = reason(Place.CONNACK);
    var method = maybe(this::text);
    return new Connack(
        reason == ReasonCode.SUCCESS && random.nextBoolean(),
        reason,
        new Connack.Properties(
            seconds(),
            maybeInt(() -> 1 + random.nextInt(65535)),
            maybeInt(() -> random.nextInt(2)),
            maybe(random::nextBoolean),
            random.nextBoolean() ? OptionalLong.of(1) : OptionalLong.empty(),
            maybe(this::text),
            random.nextInt(65536),
            maybe(this::text),
            user(),
            maybe(random::nextBoolean),
            maybe(random::nextBoolean),
            maybe(random::nextBoolean),
            maybeInt(() -> random.nextInt(65536)),
            maybe(this::text),
            maybe(this::text),
            method,
            method.isPresent() ? maybe(this::data) : Optional.empty()));
  }

  Publish publish(List<Integer> subscriptionIds) {
    var qos = qos();
    boolean identified = qos != QoS.AT_MOST_ONCE;
    int alias = five && random.nextBoolean() ? 1 + random.nextInt(65535) : Publish.NO_ALIAS;
    var topic = alias != 0 && random.nextBoolean() ? "" : "t" + text();
    return new Publish(
        identified && random.nextBoolean(),
        qos,
        random.nextBoolean(),
        TopicName.of(topic),
        identified ? packetId() : 0,
        alias,
        subscriptionIds,
        message(),
        data());
  }

  private Subscribe subscribe() {
    return new Subscribe(
        packetId(),
        five && random.nextBoolean() ? 1 + random.nextInt(268_435_455) : Subscribe.NO_ID,
        user(),
        some(() -> new Subscribe.Entry("f" + text(), options()), 1));
  }

  private SubscriptionOptions options() {
    return five
        ? new SubscriptionOptions(
            qos(), random.nextBoolean(), random.nextBoolean(), pick(RetainHandling.values()))
        : SubscriptionOptions.of(qos());
  }

  private ReasonCode subackReason() {
    return five
        ? reason(Place.SUBACK)
        : pick(
            ReasonCode.SUCCESS,
            ReasonCode.GRANTED_QOS_1,
            ReasonCode.GRANTED_QOS_2,
            ReasonCode.UNSPECIFIED_ERROR);
  }

  private MessageProperties message() {
    return five && random.nextBoolean()
        ? new MessageProperties(
            maybeInt(() -> random.nextInt(2)),
            seconds(),
            maybe(this::text),
            maybe(() -> "r" + text()),
            maybe(this::data),
            user())
        : MessageProperties.NONE;
  }

  private ProblemInformation problem() {
    return five ? new ProblemInformation(maybe(this::text), user()) : ProblemInformation.NONE;
  }

  private ReasonCode reason(Place place) {
    var codes = Arrays.stream(ReasonCode.values()).filter(code -> code.mayStandIn(place)).toList();
    return five ? codes.get(random.nextInt(codes.size())) : ReasonCode.SUCCESS;
  }

  private int packetId() {
    return 1 + random.nextInt(65535);
  }

  private QoS qos() {
    return QoS.of(random.nextInt(3));
  }

  private OptionalLong seconds() {
    return five && random.nextBoolean()
        ? OptionalLong.of(random.nextLong(0x100000000L))
        : OptionalLong.empty();
  }

  private OptionalInt maybeInt(Supplier<Integer> value) {
    return random.nextBoolean() ? OptionalInt.of(value.get()) : OptionalInt.empty();
  }

  private <T> Optional<T> maybe(Supplier<T> value) {
    return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
  }

  private <T> List<T> some(Supplier<T> value, int atLeast) {
    var values = new ArrayList<T>();
    for (int i = atLeast + random.nextInt(4); i > 0; i--) {
      values.add(value.get());
    }
    return List.copyOf(values);
  }

  private List<UserProperty> user() {
    return five ? some(() -> new UserProperty(text(), text()), 0) : List.of();
  }

  private BinaryData data() {
    var bytes = new byte[random.nextInt(20) == 0 ? random.nextInt(20_000) : random.nextInt(20)];
    random.nextBytes(bytes);
    return BinaryData.of(bytes);
  }

  private String text() {
    var text = new StringBuilder();
    int length = random.nextInt(30) == 0 ? random.nextInt(3_000) : random.nextInt(12);
    for (int i = 0; i < length; i++) {
      text.append(pick(LETTERS));
    }
    return text.toString();
  }

  @SafeVarargs
  private <T> T pick(T... values) {
    return values[random.nextInt(values.length)];
  }
}
