package org.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.identity.CommonName.None;
import org.parley.identity.CommonName.One;
import org.parley.identity.CommonName.Several;
import org.parley.identity.CommonName.Unreadable;

class CommonNameTest {

  /** SEQUENCE { SET { SEQUENCE { OID 2.5.4.3, value } } }. */
  private static byte[] name(String value) {
    return HexFormat.of().parseHex(wrap("30", wrap("31", wrap("30", "0603550403" + value))));
  }

  private static String wrap(String tag, String content) {
    return tag + HexFormat.of().toHexDigits((byte) (content.length() / 2)) + content;
  }

  static Stream<Arguments> decodable() {
    return Stream.of(
        argumentSet("UTF8String", "0c0361c3a9", "a\u00E9"),
        argumentSet("UTF8String with NUL", "0c03610062", "a\0b"),
        argumentSet("PrintableString", "13026162", "ab"),
        argumentSet("TeletexString", "14026162", "ab"),
        argumentSet("IA5String", "16026162", "ab"),
        argumentSet("UniversalString", "1c080000006100000062", "ab"),
        argumentSet("UniversalString beyond BMP", "1c040001f600", "\ud83d\ude00"),
        argumentSet("BMPString", "1e0400610062", "ab"),
        argumentSet("empty", "0c00", ""));
  }

  @ParameterizedTest
  @MethodSource("decodable")
  void givenStringType_whenRead_thenDecoded(String value, String expected) {
    assertThat(CommonName.ofDer(name(value))).isEqualTo(new One(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0c02c361", // UTF-8 sequence cut short
        "0c02c0af", // '/' in two octets
        "0c03eda080", // a surrogate
        "0c01ff",
        "1301e9", // Latin-1 in PrintableString
        "1401c1", // T.61 above seven bits
        "1601e9",
        "1e03006100", // half a character
        "1e02d800", // a surrogate alone
        "1c0400110000", // above U+10FFFF
        "1c03000061",
        "1c040000d800", // a surrogate
        "1c080000d83d0000de00", // a pair of them instead of U+1F600
        "1c080000feff00000061", // a byte order mark, which would be passed over
        "0402 6162", // OCTET STRING
        "020161", // INTEGER
        "1a026162", // VisibleString
        "2c040c026162", // constructed UTF8String
        "1f0161",
      })
  void givenValueThatIsNoText_whenRead_thenUnreadable(String value) {
    assertThat(CommonName.ofDer(name(value.replace(" ", "")))).isInstanceOf(Unreadable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "30",
        "3080", // indefinite length
        "3000ff", // more behind it
        "300131", // element cut short
        "30023000", // SEQUENCE instead of SET
        "30043102 3000", // attribute without type
        "308100", // length not in its shortest form
        "30820000",
        "308500000000000000",
        "3084ffffffff",
        "30847fffffff",
        "300a310830060603550403",
        "300f310d300b06035504030c01610c0161", // type and two values
      })
  void givenBytesThatAreNoName_whenRead_thenUnreadable(String hex) {
    assertThat(CommonName.ofDer(HexFormat.of().parseHex(hex.replace(" ", ""))))
        .isInstanceOf(Unreadable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3000", // empty
        "3002 3100",
        "300c310a30080603 5504 0a0c0161", // O=a
        "3010310e300c06032a03040c05434e3d6162", // another type with the value CN=ab
        "300d310b3009060455040300 0c0161", // a longer OID that begins with it
      })
  void givenNameWithoutCommonName_whenRead_thenNone(String hex) {
    assertThat(CommonName.ofDer(HexFormat.of().parseHex(hex.replace(" ", ""))))
        .isEqualTo(new None());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3018310a300806035504030c0161310a300806035504030c0162",
        "30163114300806035504030c0161300806035504030c0162",
        "3018310a300806035504030c0161310a300806035504030401ff", // the second one unreadable
      })
  void givenTwoCommonNames_whenRead_thenSeveral(String hex) {
    assertThat(CommonName.ofDer(HexFormat.of().parseHex(hex))).isEqualTo(new Several());
  }

  @RepeatedTest(20)
  void givenBytesTurnedAtRandom_whenRead_thenAlwaysAnOutcome(RepetitionInfo repetition) {
    var random = new SplittableRandom(repetition.getCurrentRepetition());
    var good = HexFormat.of().parseHex("3018310a300806035504030c0161310a300806035504030c0162");
    for (int i = 0; i < 2_000; i++) {
      var bytes = good.clone();
      for (int turned = random.nextInt(1, 4); turned > 0; turned--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      assertThat(CommonName.ofDer(bytes)).isNotNull();
    }
  }
}
