package org.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {

  /** The example of RFC 6455 section 5.7. */
  @Test
  void givenTheExampleOfTheStandard_whenEncoded_thenTheSameBytes() {
    assertThat(hex(Frame.text("Hello").encode())).isEqualTo("818537fa213d7f9f4d5158");
    assertThat(hex(Frame.text("Hello").unmasked().encode())).isEqualTo("810548656c6c6f");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536})
  void givenPayloadOfAnyLength_whenEncodedAndRead_thenTheSame(int length) throws IOException {
    var payload = new byte[length];
    Arrays.fill(payload, (byte) 7);
    for (var frame : new Frame[] {Frame.binary(payload), Frame.binary(payload).unmasked()}) {
      var read = read(frame.encode());

      assertThat(read.payload()).isEqualTo(payload);
      assertThat(read.opcode()).isEqualTo(Frame.BINARY);
      assertThat(read.fin()).isTrue();
      assertThat(read.masked()).isEqualTo(frame.masked());
      assertThat(read.encode()).isEqualTo(frame.encode());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "5, 818537fa213d",
    "125, 81fd37fa213d",
    "126, 81fe007e37fa213d",
    "65535, 81feffff37fa213d",
    "65536, 81ff000000000001000037fa213d",
    "1099511627776, 81ff000001000000000037fa213d",
    "-9223372036854775808, 81ff800000000000000037fa213d"
  })
  void givenClaimedLength_whenHeaderBuilt_thenInItsShortestForm(long length, String expected) {
    assertThat(hex(Frame.header(0x81, true, length))).isEqualTo(expected);
  }

  @Test
  void givenMessage_whenCut_thenOnlyTheFirstHasItsOpcodeAndOnlyTheLastIsFinal() {
    var fragments = Frame.text("abcde").fragments(2);

    assertThat(fragments).extracting(Frame::text).containsExactly("ab", "cd", "e");
    assertThat(fragments).extracting(Frame::opcode).containsExactly(Frame.TEXT, 0, 0);
    assertThat(fragments).extracting(Frame::fin).containsExactly(false, false, true);
    assertThat(Frame.text("").fragments(2)).hasSize(1);
  }

  @Test
  void givenIllegalFirstOctet_whenRead_thenItsPartsAreTold() throws IOException {
    var frame = read(Frame.text("x").firstOctet(0b0101_0011).encode());

    assertThat(frame.fin()).isFalse();
    assertThat(frame.reserved()).isEqualTo(0b101);
    assertThat(frame.opcode()).isEqualTo(3);
  }

  @Test
  void givenCloseFrame_whenRead_thenCodeAndReason() throws IOException {
    var close = read(Frame.close(4000, "Superseded").encode());

    assertThat(close.closeCode()).isEqualTo(4000);
    assertThat(close.closeReason()).isEqualTo("Superseded");
    assertThat(close).hasToString("close 4000 \"Superseded\"");
    assertThat(Frame.of(Frame.CLOSE, new byte[0]).closeCode()).isEqualTo(1005);
    assertThat(Frame.of(Frame.CLOSE, new byte[1]).closeReason()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "81", "8105", "810548656c6c", "817e00", "818537fa"})
  void givenEndInsideAFrame_whenRead_thenEndOfFile(String bytes) {
    assertThatThrownBy(() -> read(HexFormat.of().parseHex(bytes))).isInstanceOf(EOFException.class);
  }

  private static Frame read(byte[] bytes) throws IOException {
    return Frame.read(new ByteArrayInputStream(bytes));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
