package org.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Any bytes at all: a header, the beginning of one, or none. What was said of a beginning holds for
 * all that it can become, and a header has one length.
 */
class ProxyHeaderFuzzTest {
  private static final int MOST = 536;
  private static final ProxyHeaderReader READER = new ProxyHeaderReader(MOST);

  @FuzzTest(maxDuration = "10m")
  void givenAnyBytes_whenRead_thenOneMeaningThatNothingBehindThemChanges(byte[] input) {
    var bytes = ByteBuffer.wrap(input);
    var whole = READER.read(bytes);

    assertThat(bytes.position()).isZero();
    if (whole instanceof ProxyHeader.Complete(var source, int length)) {
      assertThat(length).isBetween(ProxyHeaderReader.FIXED_BYTES, Math.min(MOST, input.length));
      source.ifPresent(from -> assertThat(from.getAddress().isLoopbackAddress()).isFalse());
    }
    boolean decided = false;
    for (int i = 0; i <= Math.min(input.length, MOST); i++) {
      var part = READER.read(ByteBuffer.wrap(Arrays.copyOf(input, i)));
      if (decided || !(part instanceof ProxyHeader.NeedMore)) {
        decided = true;
        assertThat(part).isEqualTo(whole);
      }
    }
    assertThat(decided).isEqualTo(!(whole instanceof ProxyHeader.NeedMore));
  }
}
