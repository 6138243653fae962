package org.parley.pcp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.pcp.message.Expiry;
import org.parley.pcp.message.MessageId;
import org.parley.pcp.message.Octets;
import org.parley.pcp.message.PcpUri;
import org.parley.pcp.message.V1Message;
import org.parley.testing.V1;

/** Section 1.3: what is a version 1 message, and what comes back out of it. */
class PcpV1CodecTest {
  private static final String ID = "01234567-89AB-cdef-0123-456789abcdef";
  private static final String SENDER = "pcp://c/agent";
  private static final String TARGET = "pcp://d/agent";
  private static final String ENVELOPE = V1.envelope(ID, "t", SENDER, V1.NEVER, TARGET);

  private final PcpV1Codec codec = new PcpV1Codec();

  @Test
  void givenFrameWrittenByHand_whenDecodedAndEncoded_thenEveryByteIsInItsPlace() {
    var json = HexFormat.of().formatHex(ENVELOPE.getBytes(StandardCharsets.UTF_8));
    var size = HexFormat.of().toHexDigits(ENVELOPE.length());
    var frame = HexFormat.of().parseHex("01" + "01" + size + json + "02" + "00000002" + "ff00");

    var message = decode(frame);

    assertThat(message)
        .isEqualTo(
            new V1Message(
                new MessageId(ID),
                "t",
                List.of(new PcpUri(TARGET)),
                new PcpUri(SENDER),
                new Expiry(V1.NEVER, Instant.parse(V1.NEVER)),
                false,
                Optional.empty(),
                Optional.of(octets(0xff, 0)),
                List.of()));
    assertThat(encode(message)).isEqualTo(frame);
  }

  @Test
  void givenAllFieldsInAnyOrder_whenDecoded_thenEachIsInItsPlace() {
    var envelope =
        """
        { "in-reply-to" : "%s", "destination_report":true, "expires":"2030-01-31T12:00:00.25+01:00",
          "sender":"pcp:\\/\\/c\\/\\u0061gent", "targets" : [ "pcp://*/*" , "pcp:///server" ] ,
          "message_type":"é", "id":"%s" }\r\n\t\
        """
            .formatted(ID.toLowerCase(Locale.ROOT), ID);

    var message = decode(V1.frame(V1.envelope(envelope)));

    assertThat(message)
        .isEqualTo(
            new V1Message(
                new MessageId(ID),
                "é",
                List.of(new PcpUri("pcp://*/*"), PcpUri.BROKER),
                new PcpUri(SENDER),
                new Expiry(
                    "2030-01-31T12:00:00.25+01:00", Instant.parse("2030-01-31T11:00:00.25Z")),
                true,
                Optional.of(new MessageId(ID.toLowerCase(Locale.ROOT))),
                Optional.empty(),
                List.of()));
  }

  @Test
  void givenNoTargets_whenDecoded_thenThatIsNoFaultOfTheFormat() {
    var envelope = V1.envelope(ID, "", SENDER, V1.NEVER);

    assertThat(decode(V1.frame(V1.envelope(envelope))).targets()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "cpp-pcp-client, 2030-01-31T12:00:00.123456Z",
    "ruby-pcp-client, 2030-01-31T12:00:00Z",
    "clj-pcp-client, 2030-01-31T12:00:00.250Z"
  })
  void givenExpiresAsAClientWritesIt_whenRelayed_thenItsTextIsKept(String client, String expires) {
    var frame = V1.frame(V1.envelope(V1.envelope(ID, "t", SENDER, expires, TARGET)));

    assertThat(encode(decode(frame))).as(client).isEqualTo(frame);
  }

  @Test
  void givenEmptyDataAndDebugChunksOfRuby_whenRelayed_thenTheyAreKept() {
    var frame = V1.frame(V1.envelope(ENVELOPE), V1.data(""), V1.debug(""));

    var message = decode(frame);

    assertThat(message.data()).contains(octets());
    assertThat(message.debug()).containsExactly(octets());
    assertThat(encode(message)).isEqualTo(frame);
  }

  @Test
  void givenDataBehindDebug_whenDecoded_thenBothAreFound() {
    var message =
        decode(V1.frame(V1.envelope(ENVELOPE), V1.debug("a"), V1.data("b"), V1.debug("c")));

    assertThat(message.data()).contains(Octets.of("b"));
    assertThat(message.debug()).containsExactly(Octets.of("a"), Octets.of("c"));
  }

  @Test
  void givenReservedBits_whenDecoded_thenTheyMeanNothingAndAreNotWrittenAgain() {
    var json = ENVELOPE.getBytes(StandardCharsets.UTF_8);
    var frame =
        V1.frame(V1.chunk(0xf1, json), V1.chunk(0x12, new byte[1]), V1.chunk(0x83, new byte[2]));

    assertThat(encode(decode(frame)))
        .isEqualTo(V1.frame(V1.chunk(1, json), V1.chunk(2, new byte[1]), V1.chunk(3, new byte[2])));
  }

  @Test
  void givenDataChunk_whenDecoded_thenItIsCutOutWithoutACopy() {
    var frame = V1.frame(V1.envelope(ENVELOPE), V1.data("a"));
    var message = decode(frame);

    frame[frame.length - 1] = 'b';

    assertThat(message.data()).contains(Octets.of("b"));
  }

  @Test
  void givenFrameInsideABuffer_whenDecoded_thenOnlyItIsReadAndTheBufferLeftAsItWas() {
    var frame = V1.frame(V1.envelope(ENVELOPE), V1.data("a"));
    var buffer = ByteBuffer.allocate(frame.length + 7).put(new byte[3]).put(frame);
    buffer.flip().position(3).order(ByteOrder.LITTLE_ENDIAN);

    assertThat(codec.decode(buffer)).isEqualTo(codec.decode(ByteBuffer.wrap(frame)));
    assertThat(buffer.position()).isEqualTo(3);
  }

  @Test
  void givenBrokersOwnMessage_whenEncoded_thenItIsAsDeployedClientsKnowIt() {
    var message =
        new V1Message(
            new MessageId(ID),
            "http://puppetlabs.com/error_message",
            List.of(),
            PcpUri.BROKER,
            Expiry.EPOCH,
            false,
            Optional.empty(),
            Optional.of(Octets.of("{\"description\":\"Not connected.\"}")),
            List.of());

    assertThat(V1.parse(encode(message)).chunks())
        .containsExactly("2:{\"description\":\"Not connected.\"}");
    assertThat(V1.latin(encode(message)))
        .contains(
            "{\"id\":\""
                + ID
                + "\",\"message_type\":\"http://puppetlabs.com/error_message\",\"targets\":[],"
                + "\"sender\":\"pcp:///server\",\"expires\":\"1970-01-01T00:00:00.000Z\"}");
  }

  @Test
  void givenReportAndReply_whenEncoded_thenTheirKeysComeLast() {
    var envelope =
        ENVELOPE.replace("\"}", "\",\"destination_report\":true,\"in-reply-to\":\"" + ID + "\"}");
    var frame = V1.frame(V1.envelope(envelope));

    assertThat(encode(decode(frame))).isEqualTo(frame);
  }

  @Test
  void givenReportThatIsFalse_whenRelayed_thenTheKeyIsLeftOut() {
    var envelope = ENVELOPE.replace("\"}", "\",\"destination_report\":false}");

    assertThat(encode(decode(V1.frame(V1.envelope(envelope)))))
        .isEqualTo(V1.frame(V1.envelope(ENVELOPE)));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void givenAnyMessage_whenEncodedAndDecoded_thenItIsTheSame(long seed) {
    var samples = new V1Samples(seed);
    for (int round = 0; round < 2_000; round++) {
      var message = samples.message();

      assertThat(decode(encode(message))).isEqualTo(message);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {4, 5})
  void givenAnyMessageWeWrote_whenRelayed_thenItIsTheSameByteForByte(long seed) {
    var samples = new V1Samples(seed);
    for (int round = 0; round < 2_000; round++) {
      var frame = encode(samples.message());

      assertThat(encode(decode(frame))).isEqualTo(frame);
    }
  }

  private V1Message decode(byte[] frame) {
    return switch (codec.decode(ByteBuffer.wrap(frame))) {
      case Decoded.Complete(var message) -> message;
      case Decoded.Rejected(var detail) -> throw new AssertionError(detail);
    };
  }

  private byte[] encode(V1Message message) {
    var frame = codec.encode(message);
    var bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return bytes;
  }

  private static Octets octets(int... values) {
    var bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Octets.of(ByteBuffer.wrap(bytes));
  }
}
