package org.parley.pcp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import org.parley.pcp.message.PcpUri;
import org.parley.pcp.message.V1Message;
import org.parley.pcp.message.V2Message;

/**
 * Any frame at all: a message or a rejection. What was taken is the same once it was written and
 * read again, and so is what version 2 says of it.
 */
class PcpV1CodecFuzzTest {
  private static final PcpV1Codec V1 = new PcpV1Codec();
  private static final PcpV2Codec V2 = new PcpV2Codec();
  private static final VersionTranslator TRANSLATOR =
      new VersionTranslator(PcpV2Codec.DEFAULT_MAXIMUM_DEPTH);

  @FuzzTest(maxDuration = "10m")
  void givenAnyFrame_whenDecoded_thenAMessageOrARejection(byte[] input) {
    var frame = ByteBuffer.wrap(input);

    var decoded = V1.decode(frame);

    assertThat(frame.remaining()).isEqualTo(input.length);
    switch (decoded) {
      case Decoded.Rejected<V1Message>(var detail) -> assertThat(detail).isPrintable();
      case Decoded.Complete<V1Message>(var message) -> {
        assertThat(V1.decode(V1.encode(message))).isEqualTo(decoded);
        assertThat(message.targets()).hasSizeLessThanOrEqualTo(PcpV1Codec.MAXIMUM_TARGETS);
        assertThat(message.debug()).hasSizeLessThanOrEqualTo(PcpV1Codec.MAXIMUM_DEBUG_CHUNKS);
        assertCanBeTold(message);
      }
    }
  }

  private static void assertCanBeTold(V1Message message) {
    switch (TRANSLATOR.toV2(message, PcpUri.BROKER)) {
      case Translated.Inexpressible<V2Message>(var detail) -> assertThat(detail).isPrintable();
      case Translated.Complete<V2Message>(var told) ->
          assertThat(V2.decode(V2.encode(told))).isEqualTo(new Decoded.Complete<>(told));
    }
  }
}
