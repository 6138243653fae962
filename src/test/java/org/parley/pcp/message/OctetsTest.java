package org.parley.pcp.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.Test;

class OctetsTest {
  @Test
  void givenPartOfABuffer_whenTaken_thenOnlyThatAndTheBufferIsLeftAsItWas() {
    var buffer = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}).position(1).limit(3);

    var octets = Octets.of(buffer);

    assertThat(octets).isEqualTo(Octets.of(ByteBuffer.wrap(new byte[] {2, 3})));
    assertThat(octets.size()).isEqualTo(2);
    assertThat(buffer.position()).isEqualTo(1);
  }

  @Test
  void givenReaderThatConsumesThem_whenReadAgain_thenTheyAreStillThere() {
    var octets = Octets.of("ab");

    octets.buffer().getShort();

    assertThat(octets.size()).isEqualTo(2);
    assertThat(octets.buffer().remaining()).isEqualTo(2);
  }

  @Test
  void givenReader_whenItWrites_thenRefused() {
    var octets = Octets.of("ab");

    assertThatThrownBy(() -> octets.buffer().put((byte) 0))
        .isInstanceOf(ReadOnlyBufferException.class);
  }

  @Test
  void givenText_whenTaken_thenItsUtf8() {
    assertThat(Octets.of("\u00e9"))
        .isEqualTo(Octets.of(ByteBuffer.wrap(new byte[] {(byte) 0xc3, (byte) 0xa9})));
  }

  @Test
  void givenTwo_whenCompared_thenByTheirBytes() {
    assertThat(Octets.of("a")).isEqualTo(Octets.of("a")).hasSameHashCodeAs(Octets.of("a"));
    assertThat(Octets.of("a")).isNotEqualTo(Octets.of("b")).isNotEqualTo("a");
  }

  @Test
  void givenSecretBytes_whenShown_thenOnlyTheirNumber() {
    assertThat(Octets.of("secret")).hasToString("Octets[6 bytes]");
  }
}
