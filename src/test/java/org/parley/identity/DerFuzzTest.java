package org.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.parley.identity.Der.MalformedDerException;

/**
 * Any bytes at all: an element or {@link MalformedDerException}. An element has one form, so that
 * what was taken, written again, is what was read; a text has one form too in each of its types.
 */
class DerFuzzTest {
  @FuzzTest(maxDuration = "10m")
  void givenAnyBytes_whenRead_thenTheirOneMeaning(byte[] input) {
    assertThat(CommonName.ofDer(input)).isNotNull();
    try {
      var element = Der.of(input);
      assertThat(written(List.of(element))).isEqualTo(input);
      assertThat(written(element.children(element.tag()))).isEqualTo(element.content());
      for (var child : element.children(element.tag())) {
        assertOneText(child);
      }
    } catch (MalformedDerException e) {
      assertThat(e.getMessage()).isPrintable();
    }
  }

  private static byte[] written(List<Der> elements) {
    var out = new ByteArrayOutputStream();
    for (var element : elements) {
      var content = element.content();
      out.write(element.tag());
      if (content.length < 0x80) {
        out.write(content.length);
      } else {
        int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(content.length) + 7) / 8;
        out.write(0x80 + octets);
        for (int i = octets - 1; i >= 0; i--) {
          out.write(content.length >>> (8 * i));
        }
      }
      out.writeBytes(content);
    }
    return out.toByteArray();
  }

  private static void assertOneText(Der element) {
    String text;
    try {
      text = CommonName.Text.decode(element);
    } catch (CharacterCodingException _) {
      return;
    }
    assertThat(text.getBytes(charset(element.tag()))).isEqualTo(element.content());
  }

  /** X.680 section 41: UTF8String, UniversalString, BMPString, and those of seven bits. */
  private static Charset charset(int tag) {
    return switch (tag) {
      case 0x0C -> StandardCharsets.UTF_8;
      case 0x1C -> StandardCharsets.UTF_32BE;
      case 0x1E -> StandardCharsets.UTF_16BE;
      default -> StandardCharsets.US_ASCII;
    };
  }
}
