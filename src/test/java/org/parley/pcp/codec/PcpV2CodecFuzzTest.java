package org.parley.pcp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.parley.pcp.message.MessageTypes;
import org.parley.pcp.message.PcpUri;
import org.parley.pcp.message.V1Message;
import org.parley.pcp.message.V2Message;

/**
 * Any text at all: a message or a rejection. What was taken is the same once it was written and
 * read again, and comes back from version 1 with all that version 1 can say.
 */
class PcpV2CodecFuzzTest {
  private static final PcpV1Codec V1 = new PcpV1Codec();
  private static final PcpV2Codec V2 = new PcpV2Codec();
  private static final VersionTranslator TRANSLATOR =
      new VersionTranslator(PcpV2Codec.DEFAULT_MAXIMUM_DEPTH);

  @FuzzTest(maxDuration = "10m")
  void givenAnyText_whenDecoded_thenAMessageOrARejection(byte[] input) {
    var decoded = V2.decode(new String(input, StandardCharsets.UTF_8));

    switch (decoded) {
      case Decoded.Rejected<V2Message>(var detail) -> assertThat(detail).isPrintable();
      case Decoded.Complete<V2Message>(var message) -> {
        assertThat(V2.decode(V2.encode(message))).isEqualTo(decoded);
        if (TRANSLATOR.toV1(message) instanceof Translated.Complete<V1Message>(var told)) {
          assertThat(V1.decode(V1.encode(told))).isEqualTo(new Decoded.Complete<>(told));
          assertComesBack(message, told);
        } else {
          assertThat(message.messageType()).isEqualTo(MessageTypes.ERROR_MESSAGE);
        }
      }
    }
  }

  private static void assertComesBack(V2Message message, V1Message told) {
    var target = message.target().orElse(PcpUri.BROKER);
    boolean tellsWhatItAnswers =
        message.messageType().equals(MessageTypes.ERROR_MESSAGE)
            || message.messageType().equals(MessageTypes.INVENTORY_RESPONSE);
    var expected =
        new V2Message(
            message.id(),
            message.messageType(),
            Optional.of(target),
            Optional.of(message.sender().orElse(PcpUri.BROKER)),
            tellsWhatItAnswers ? message.inReplyTo() : Optional.empty(),
            message.data());
    assertThat(TRANSLATOR.toV2(told, target)).isEqualTo(new Translated.Complete<>(expected));
  }
}
