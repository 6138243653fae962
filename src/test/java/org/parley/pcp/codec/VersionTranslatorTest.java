package org.parley.pcp.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.pcp.message.Expiry;
import org.parley.pcp.message.JsonText;
import org.parley.pcp.message.MessageId;
import org.parley.pcp.message.MessageTypes;
import org.parley.pcp.message.Octets;
import org.parley.pcp.message.PcpMessage;
import org.parley.pcp.message.PcpUri;
import org.parley.pcp.message.V1Message;
import org.parley.pcp.message.V2Message;

/** Section 1.8, R20: each row of the table, in both directions. */
class VersionTranslatorTest {
  private static final MessageId ID = new MessageId("01234567-89ab-cdef-0123-456789abcdef");
  private static final MessageId OTHER = new MessageId("11111111-89ab-cdef-0123-456789abcdef");
  private static final PcpUri SENDER = new PcpUri("pcp://c/agent");
  private static final PcpUri TARGET = new PcpUri("pcp://d/agent");
  private static final PcpUri SECOND = new PcpUri("pcp://e/agent");
  private static final int DEPTH = 8;

  private final VersionTranslator translator = new VersionTranslator(DEPTH);

  @Test
  void givenVersion1Message_whenTranslated_thenTheTargetIsTheOneNamedAndTheRestIsDropped() {
    var message =
        new V1Message(
            ID,
            "t",
            List.of(TARGET, SECOND),
            SENDER,
            Expiry.parse("2030-01-31T12:00:00Z").orElseThrow(),
            true,
            Optional.of(OTHER),
            Optional.of(Octets.of("[1.0]")),
            List.of(Octets.of("{}")));

    assertThat(complete(translator.toV2(message, SECOND)))
        .isEqualTo(
            new V2Message(
                ID,
                "t",
                Optional.of(SECOND),
                Optional.of(SENDER),
                Optional.of(OTHER),
                Optional.of(new JsonText("[1.0]"))));
  }

  @Test
  void givenNoReply_whenTranslatedToVersion2_thenInReplyToIsAbsent() {
    assertThat(toV2("t", Optional.of("1")).inReplyTo()).isEmpty();
  }

  static Stream<Arguments> json() {
    return Stream.of(
        argumentSet("null stays null", "null", "null"),
        argumentSet("a number at the end", "12", "12"),
        argumentSet("a fraction", "-1.50e3", "-1.50e3"),
        argumentSet("a string", "\"\u00e9\\u00e9\"", "\"\u00e9\\u00e9\""),
        argumentSet("false", "false", "false"),
        argumentSet("white space around", " \r\n\t{ \"a\" : 1 } \n", "{ \"a\" : 1 }"),
        argumentSet("deepest", "[[[[[[[0]]]]]]]", "[[[[[[[0]]]]]]]"));
  }

  @ParameterizedTest
  @MethodSource("json")
  void givenJsonChunk_whenTranslatedToVersion2_thenItsTextIsKept(String chunk, String data) {
    assertThat(toV2("t", Optional.of(chunk)).data()).contains(new JsonText(data));
    assertThat(translator.json(Octets.of(chunk))).contains(new JsonText(data));
  }

  @Test
  void givenNoChunkOrAnEmptyOne_whenTranslatedToVersion2_thenDataIsAbsent() {
    assertThat(toV2("t", Optional.empty()).data()).isEmpty();
    assertThat(toV2("t", Optional.of("")).data()).isEmpty();
    assertThat(translator.json(Octets.of(""))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "\n",
        "x",
        "{",
        "}",
        "]",
        "][",
        "1,2",
        "1 2",
        "1]",
        "[1",
        "1],[2",
        "1][2",
        "{}{}",
        "{\"a\":1,\"a\":2}",
        "1e999",
        "\"\\ud83d\"",
        "\ufeff{}",
        "NaN",
        "'a'",
        "{}//",
        "\0",
        "[[[[[[[[0]]]]]]]]"
      })
  void givenChunkThatIsNotOneJsonValue_whenTranslatedToVersion2_thenInexpressible(String chunk) {
    assertInexpressible(translator.toV2(v1("t", Optional.of(Octets.of(chunk))), TARGET));
    assertThat(translator.json(Octets.of(chunk))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff", "22ff22", "22c08022", "22eda08022", "22c3", "89504e47"})
  void givenR20ChunkThatIsNotUtf8_whenTranslatedToVersion2_thenInexpressible(String bytes) {
    var chunk = Octets.of(ByteBuffer.wrap(HexFormat.of().parseHex(bytes)));

    assertInexpressible(translator.toV2(v1("t", Optional.of(chunk)), TARGET));
    assertThat(translator.json(chunk)).isEmpty();
  }

  @Test
  void givenDeepestDataOfEitherVersion_whenTranslated_thenTheOtherCodecTakesIt() {
    var message = toV2("t", Optional.of("[".repeat(DEPTH - 1) + "]".repeat(DEPTH - 1)));

    var codec = new PcpV2Codec(DEPTH);
    assertThat(codec.decode(codec.encode(message))).isEqualTo(new Decoded.Complete<>(message));
  }

  static Stream<Arguments> errors() {
    return Stream.of(
        argumentSet("both", "{\"id\":\"" + OTHER + "\",\"description\":\"x\"}", true),
        argumentSet("any order", " {\"description\":\"x\", \"id\":\"" + OTHER + "\"} ", true),
        argumentSet("no id", "{\"description\":\"x\"}", false));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void givenErrorOfVersion1_whenTranslated_thenPlainStringAndInReplyTo(String data, boolean id) {
    var message = toV2(MessageTypes.ERROR_MESSAGE, Optional.of(data));

    assertThat(message.data()).contains(new JsonText("\"x\""));
    assertThat(message.inReplyTo()).isEqualTo(id ? Optional.of(OTHER) : Optional.empty());
  }

  @Test
  void
      givenErrorWhoseEnvelopeNamesWhatItAnswers_whenTranslated_thenTheNameIsKeptUnlessTheyDiffer() {
    var named = error("{\"description\":\"x\"}", Optional.of(OTHER));
    var same = error("{\"id\":\"" + OTHER + "\",\"description\":\"x\"}", Optional.of(OTHER));
    var another = error("{\"id\":\"" + ID + "\",\"description\":\"x\"}", Optional.of(OTHER));

    assertThat(complete(translator.toV2(named, TARGET)).inReplyTo()).contains(OTHER);
    assertThat(complete(translator.toV2(same, TARGET)).inReplyTo()).contains(OTHER);
    assertInexpressible(translator.toV2(another, TARGET));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "\"x\"",
        "[]",
        "{}",
        "{\"id\":\"11111111-89ab-cdef-0123-456789abcdef\"}",
        "{\"description\":1}",
        "{\"description\":null}",
        "{\"id\":\"1\",\"description\":\"x\"}",
        "{\"id\":null,\"description\":\"x\"}",
        "{\"description\":\"x\",\"more\":1}",
        "{\"description\":{\"a\":\"x\"}}"
      })
  void givenErrorThatIsNoErrorData_whenTranslatedToVersion2_thenInexpressible(String data) {
    assertInexpressible(translator.toV2(error(data, Optional.empty()), TARGET));
  }

  @Test
  void givenErrorWithoutDataChunk_whenTranslatedToVersion2_thenInexpressible() {
    assertInexpressible(translator.toV2(v1(MessageTypes.ERROR_MESSAGE, Optional.empty()), TARGET));
  }

  @Test
  void givenVersion2Message_whenTranslated_thenEveryKeyOfTheEnvelopeIsThere() {
    assertThat(complete(translator.toV1(v2("t", Optional.of("[1.0]")))))
        .isEqualTo(
            new V1Message(
                ID,
                "t",
                List.of(TARGET),
                SENDER,
                Expiry.EPOCH,
                false,
                Optional.empty(),
                Optional.of(Octets.of("[1.0]")),
                List.of()));
  }

  @Test
  void givenMessageOfTheBrokersOwn_whenTranslatedToVersion1_thenTheBrokerSendsItToNoTarget() {
    var own =
        new V2Message(
            ID,
            MessageTypes.ERROR_MESSAGE,
            Optional.empty(),
            Optional.empty(),
            Optional.of(OTHER),
            Optional.of(new JsonText("\"x \\\"\"")));

    assertThat(complete(translator.toV1(own)))
        .isEqualTo(
            new V1Message(
                ID,
                MessageTypes.ERROR_MESSAGE,
                List.of(),
                PcpUri.BROKER,
                Expiry.EPOCH,
                false,
                Optional.empty(),
                Optional.of(Octets.of("{\"id\":\"" + OTHER + "\",\"description\":\"x \\\"\"}")),
                List.of()));
  }

  @Test
  void givenErrorOfAClient_whenTranslatedToVersion1_thenItsTargetIsKept() {
    var message = complete(translator.toV1(v2(MessageTypes.ERROR_MESSAGE, Optional.of("\"x\""))));

    assertThat(message.targets()).containsExactly(TARGET);
    assertThat(message.data())
        .contains(Octets.of("{\"id\":\"" + OTHER + "\",\"description\":\"x\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "1", "[\"x\"]", "{\"description\":\"x\"}", "true"})
  void givenErrorWhoseDataIsNoString_whenTranslatedToVersion1_thenInexpressible(String data) {
    assertInexpressible(translator.toV1(v2(MessageTypes.ERROR_MESSAGE, Optional.of(data))));
  }

  @Test
  void givenErrorWithoutData_whenTranslatedToVersion1_thenInexpressible() {
    assertInexpressible(translator.toV1(v2(MessageTypes.ERROR_MESSAGE, Optional.empty())));
  }

  @Test
  void givenReply_whenTranslatedToVersion1_thenOnlyTheInventoryResponseNamesWhatItAnswers() {
    var response = v2(MessageTypes.INVENTORY_RESPONSE, Optional.of("{\"uris\":[]}"));
    var other = v2("http://puppetlabs.com/rpc_blocking_response", Optional.of("{}"));

    assertThat(complete(translator.toV1(response)).inReplyTo()).contains(OTHER);
    assertThat(complete(translator.toV1(other)).inReplyTo()).isEmpty();
  }

  @Test
  void givenR20NullOrAbsentData_whenTranslatedToVersion1_thenFourBytesOrNoChunk() {
    assertThat(complete(translator.toV1(v2("t", Optional.of("null")))).data())
        .contains(Octets.of("null"));
    assertThat(complete(translator.toV1(v2("t", Optional.empty()))).data()).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {41, 42, 43})
  void givenAnyMessageOfVersion2_whenThereAndBack_thenOnlyTheReplyMayBeLost(long seed) {
    var samples = new V1Samples(seed);
    for (int round = 0; round < 1_000; round++) {
      var message = samples.relayed();

      var back =
          complete(
              new VersionTranslator(64)
                  .toV2(complete(translator.toV1(message)), message.target().orElseThrow()));

      assertThat(back.inReplyTo())
          .isEqualTo(
              message.messageType().equals(MessageTypes.INVENTORY_RESPONSE)
                  ? message.inReplyTo()
                  : Optional.empty());
      assertThat(withoutReply(back)).isEqualTo(withoutReply(message));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {51, 52, 53})
  void givenAnyMessageOfVersion1_whenThereAndBack_thenWhatBothVersionsSayIsKept(long seed) {
    var samples = new V1Samples(seed);
    for (int round = 0; round < 1_000; round++) {
      var message = samples.jsonMessage();

      var there = complete(new VersionTranslator(64).toV2(message, TARGET));
      var back = complete(translator.toV1(there));

      assertThat(back.id()).isEqualTo(message.id());
      assertThat(back.messageType()).isEqualTo(message.messageType());
      assertThat(back.sender()).isEqualTo(message.sender());
      assertThat(back.targets()).containsExactly(TARGET);
      assertThat(there.inReplyTo()).isEqualTo(message.inReplyTo());
      assertThat(back.data().flatMap(translatorOfAll()::json))
          .isEqualTo(message.data().flatMap(translatorOfAll()::json));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 513})
  void givenDepthLimitOutsideRange_whenTranslatorIsMade_thenRefused(int limit) {
    assertThatThrownBy(() -> new VersionTranslator(limit))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static VersionTranslator translatorOfAll() {
    return new VersionTranslator(64);
  }

  private static V2Message withoutReply(V2Message message) {
    return new V2Message(
        message.id(),
        message.messageType(),
        message.target(),
        message.sender(),
        Optional.empty(),
        message.data());
  }

  private V2Message toV2(String type, Optional<String> data) {
    return complete(translator.toV2(v1(type, data.map(Octets::of)), TARGET));
  }

  private static V1Message v1(String type, Optional<Octets> data) {
    return new V1Message(
        ID, type, List.of(TARGET), SENDER, Expiry.EPOCH, false, Optional.empty(), data, List.of());
  }

  private static V1Message error(String data, Optional<MessageId> inReplyTo) {
    return new V1Message(
        ID,
        MessageTypes.ERROR_MESSAGE,
        List.of(TARGET),
        SENDER,
        Expiry.EPOCH,
        false,
        inReplyTo,
        Optional.of(Octets.of(data)),
        List.of());
  }

  /** A relayed message that answers {@link #OTHER}. */
  private static V2Message v2(String type, Optional<String> data) {
    return new V2Message(
        ID,
        type,
        Optional.of(TARGET),
        Optional.of(SENDER),
        Optional.of(OTHER),
        data.map(JsonText::new));
  }

  private static <M extends PcpMessage> M complete(Translated<M> translated) {
    return switch (translated) {
      case Translated.Complete<M>(var message) -> message;
      case Translated.Inexpressible<M>(var detail) -> throw new AssertionError(detail);
    };
  }

  /** The detail is one short line and never carries what the peer sent. */
  private static void assertInexpressible(Translated<?> translated) {
    assertThat(translated)
        .isInstanceOfSatisfying(
            Translated.Inexpressible.class,
            no ->
                assertThat(no.detail())
                    .matches("data: (not UTF-8|[a-zA-Z_ ]+( at [0-9]+)?)")
                    .hasSizeLessThan(80));
  }
}
