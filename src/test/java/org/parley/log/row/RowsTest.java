package org.parley.log.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.RetainHandling;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.packet.UserProperty;
import org.parley.mqtt.packet.Will;
import org.parley.mqtt.state.Delivery;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.Owner;
import org.parley.mqtt.state.QueueEntry;
import org.parley.mqtt.state.RetainedMessage;
import org.parley.mqtt.state.SessionRecord;
import org.parley.mqtt.state.StateRows;
import org.parley.mqtt.state.WillId;
import org.parley.mqtt.state.WillRecord;

/** There and back, and what is no row: a value is never made of damaged bytes by chance alone. */
class RowsTest {
  private static final int SEEDS = 500;

  /** Random values of all kinds. */
  private static final class Some {
    private final Random random;

    Some(long seed) {
      random = new Random(seed);
    }

    String text() {
      var texts = List.of("", "a", "a/b", "\u00e9\u00df", "\ud83d\ude00", "x".repeat(300));
      return texts.get(random.nextInt(texts.size()));
    }

    BinaryData binary() {
      var bytes = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(300)];
      random.nextBytes(bytes);
      return BinaryData.of(bytes);
    }

    long number() {
      long number = random.nextLong() >>> random.nextInt(64);
      return number < 0 ? Message.NEVER : number;
    }

    QoS qos() {
      return QoS.of(random.nextInt(3));
    }

    MessageProperties properties() {
      if (random.nextInt(3) == 0) {
        return MessageProperties.NONE;
      }
      var user = new ArrayList<UserProperty>();
      for (int i = random.nextInt(3); i > 0; i--) {
        user.add(new UserProperty(text(), text()));
      }
      return new MessageProperties(
          random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt(2)),
          random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(number()),
          random.nextBoolean() ? Optional.empty() : Optional.of(text()),
          random.nextBoolean() ? Optional.empty() : Optional.of(text()),
          random.nextBoolean() ? Optional.empty() : Optional.of(binary()),
          user);
    }

    Message message() {
      return new Message(
          text(),
          TopicName.of("t" + text()),
          qos(),
          random.nextBoolean(),
          properties(),
          binary(),
          number(),
          number());
    }

    Will will() {
      return new Will(
          TopicName.of("w" + text()),
          binary(),
          qos(),
          random.nextBoolean(),
          number(),
          properties());
    }

    Owner owner() {
      Optional<String> name = random.nextBoolean() ? Optional.empty() : Optional.of(text());
      return new Owner(
          random.nextBoolean() ? Optional.empty() : Optional.of(binary()),
          name,
          name.isEmpty() || random.nextBoolean()
              ? Optional.empty()
              : Optional.of(Instant.ofEpochMilli(random.nextLong())),
          text(),
          text(),
          text());
    }

    Optional<Owner> publisher() {
      return random.nextBoolean() ? Optional.empty() : Optional.of(owner());
    }

    RetainedMessage retained() {
      return new RetainedMessage(message(), publisher());
    }

    SessionRecord session() {
      return new SessionRecord(
          number(),
          text(),
          number(),
          number(),
          random.nextInt(65_536),
          random.nextBoolean(),
          number(),
          number(),
          number(),
          owner(),
          random.nextBoolean() ? Optional.empty() : Optional.of(will()));
    }

    EntryRow entry(long message) {
      var ids = new ArrayList<Integer>();
      for (int i = random.nextInt(3); i > 0; i--) {
        ids.add(random.nextInt(1 << 28));
      }
      var group =
          random.nextBoolean()
              ? Optional.of(SubscriptionRow.filter("$share/g/a/#"))
              : Optional.<org.parley.mqtt.routing.TopicFilter>empty();
      var delivery =
          new Delivery(
              message(), qos(), random.nextBoolean(), random.nextBoolean(), ids, publisher());
      return new EntryRow(new QueueEntry(number(), delivery, random.nextBoolean(), group), message);
    }

    SubscriptionRow subscription() {
      return new SubscriptionRow(
          new SubscriptionOptions(
              qos(),
              random.nextBoolean(),
              random.nextBoolean(),
              RetainHandling.of(random.nextInt(3))),
          random.nextInt(1 << 28));
    }
  }

  @Test
  void givenAnyValues_whenThereAndBack_thenTheSame() {
    for (int seed = 0; seed < SEEDS; seed++) {
      var some = new Some(seed);
      var message = some.message();
      var session = some.session();
      var will =
          new WillRecord(new WillId(some.text(), some.number()), some.owner(), some.will(), 7);
      var subscription = some.subscription();
      var retained = some.retained();
      var inline = some.entry(StateRows.IN_THE_ENTRY);
      var referring = some.entry(1 + seed);

      assertThat(MessageRow.decode(MessageRow.encode(message))).isEqualTo(message);
      assertThat(SessionRow.decode(session.number(), SessionRow.encode(session)))
          .isEqualTo(session);
      assertThat(SessionRow.decodeWill(will.id().epoch(), SessionRow.encode(will))).isEqualTo(will);
      assertThat(RetainedRow.decode(RetainedRow.encode(retained))).isEqualTo(retained);
      assertThat(SubscriptionRow.decode(subscription.encode())).isEqualTo(subscription);
      assertThat(EntryRow.decode(inline.encode(), inline.entry().sequence(), _ -> null))
          .isEqualTo(inline);
      assertThat(
              EntryRow.decode(
                  referring.encode(),
                  referring.entry().sequence(),
                  number ->
                      number == referring.message()
                          ? referring.entry().delivery().message()
                          : null))
          .isEqualTo(referring);
      assertThat(EntryRow.decode(referring.encode(), 0, _ -> null)).isNull();
    }
  }

  static Stream<Arguments> rows() {
    var some = new Some(42);
    return Stream.of(
        Arguments.argumentSet(
            "message", MessageRow.encode(some.message()), reader(MessageRow::decode)),
        Arguments.argumentSet(
            "retained",
            RetainedRow.encode(new RetainedMessage(some.message(), Optional.of(some.owner()))),
            reader(RetainedRow::decode)),
        Arguments.argumentSet(
            "session",
            SessionRow.encode(some.session()),
            reader(bytes -> SessionRow.decode(1, bytes))),
        Arguments.argumentSet(
            "will",
            SessionRow.encode(new WillRecord(new WillId("c", 1), some.owner(), some.will(), 1)),
            reader(bytes -> SessionRow.decodeWill(1, bytes))),
        Arguments.argumentSet(
            "subscription", some.subscription().encode(), reader(SubscriptionRow::decode)),
        Arguments.argumentSet(
            "entry", some.entry(0).encode(), reader(bytes -> EntryRow.decode(bytes, 1, _ -> null))),
        Arguments.argumentSet(
            "outcome",
            new byte[] {(byte) ReasonCode.NO_MATCHING_SUBSCRIBERS.value()},
            reader(EntryRow::outcome)));
  }

  private static Consumer<byte[]> reader(Consumer<byte[]> reader) {
    return reader;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void givenRow_whenCutAnywhere_thenItIsNone(byte[] row, Consumer<byte[]> reader) {
    reader.accept(row);
    for (int length = 0; length < row.length; length++) {
      var cut = Arrays.copyOf(row, length);
      assertThatThrownBy(() -> reader.accept(cut)).isInstanceOf(RowException.class);
    }
    var longer = Arrays.copyOf(row, row.length + 1);
    assertThatThrownBy(() -> reader.accept(longer)).isInstanceOf(RowException.class);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void givenRow_whenAnyByteIsAnother_thenAValueOrNone(byte[] row, Consumer<byte[]> reader) {
    var random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      var damaged = row.clone();
      damaged[random.nextInt(row.length)] = (byte) random.nextInt();
      try {
        reader.accept(damaged);
      } catch (RowException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }

  @Test
  void givenVersionOfAnother_whenRead_thenNone() {
    var row = MessageRow.encode(new Some(1).message());
    row[0] = 2;

    assertThatExceptionOfType(RowException.class)
        .isThrownBy(() -> MessageRow.decode(row))
        .withMessage("version 2 of a row is not known");
  }

  /** As the first schema has it. */
  @Test
  void givenMessageAlone_whenReadAsRetained_thenItHasNoPublisher() {
    var message = new Some(1).message();

    assertThat(RetainedRow.decode(MessageRow.encode(message)))
        .isEqualTo(new RetainedMessage(message, Optional.empty()));
  }

  @Test
  void givenNoFilter_whenRead_thenNone() {
    assertThatThrownBy(() -> SubscriptionRow.filter("a/#/b")).isInstanceOf(RowException.class);
  }
}
