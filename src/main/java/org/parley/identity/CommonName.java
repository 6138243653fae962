package org.parley.identity;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.parley.identity.Der.MalformedDerException;

/**
 * The common name of a subject, read from its DER. Text forms of a name are ambiguous (escapes,
 * {@code OU=CN=x}, multi-valued names), its DER is not.
 */
public sealed interface CommonName {

  /** Exactly one CN attribute in the whole subject. */
  record One(String value) implements CommonName {}

  /** No CN attribute. */
  record None() implements CommonName {}

  /** More than one CN attribute, wherever they stand. */
  record Several() implements CommonName {}

  /** The subject is not DER, or its CN is in no character set that can be decoded. */
  record Unreadable(String detail) implements CommonName {}

  /** Reads the common name of a subject. */
  static CommonName of(X500Principal subject) {
    return ofDer(subject.getEncoded());
  }

  /** Reads the common name of a DER-encoded X.501 Name. */
  static CommonName ofDer(byte[] name) {
    try {
      var values = new ArrayList<Der>();
      for (var relativeName : Der.of(name).children(Der.SEQUENCE)) {
        for (var attribute : relativeName.children(Der.SET)) {
          addIfCommonName(attribute, values);
        }
      }
      return switch (values.size()) {
        case 0 -> new None();
        case 1 -> new One(Text.decode(values.getFirst()));
        default -> new Several();
      };
    } catch (MalformedDerException e) {
      return new Unreadable("subject: " + e.getMessage());
    } catch (CharacterCodingException e) {
      return new Unreadable("common name in no readable character set");
    }
  }

  private static void addIfCommonName(Der attribute, List<Der> values)
      throws MalformedDerException {
    var parts = attribute.children(Der.SEQUENCE);
    if (parts.size() != 2 || parts.getFirst().tag() != Der.OBJECT_IDENTIFIER) {
      throw new MalformedDerException("attribute without type and value");
    }
    if (Text.isCommonName(parts.getFirst())) {
      values.add(parts.getLast());
    }
  }

  /** The string types of X.520 DirectoryString, and IA5String. */
  final class Text {
    private static final byte[] ID_AT_COMMON_NAME = {0x55, 0x04, 0x03}; // 2.5.4.3

    private static final int UTF8_STRING = 0x0C;
    private static final int PRINTABLE_STRING = 0x13;
    private static final int TELETEX_STRING = 0x14;
    private static final int IA5_STRING = 0x16;
    private static final int UNIVERSAL_STRING = 0x1C;
    private static final int BMP_STRING = 0x1E;

    private Text() {}

    private static boolean isCommonName(Der type) {
      return Arrays.equals(type.content(), ID_AT_COMMON_NAME);
    }

    /** Decodes strictly: a malformed sequence is an error, never a replacement character. */
    static String decode(Der value) throws CharacterCodingException {
      return decode(value.content(), charset(value.tag()));
    }

    private static Charset charset(int tag) throws CharacterCodingException {
      return switch (tag) {
        case UTF8_STRING -> StandardCharsets.UTF_8;
        // T.61 has shift states above seven bits that every library reads differently.
        case PRINTABLE_STRING, TELETEX_STRING, IA5_STRING -> StandardCharsets.US_ASCII;
        case UNIVERSAL_STRING -> StandardCharsets.UTF_32BE;
        case BMP_STRING -> StandardCharsets.UTF_16BE;
        default -> throw new CharacterCodingException();
      };
    }

    /** A text has one form: Java's UTF-32 takes surrogates, and passes over a byte order mark. */
    private static String decode(byte[] octets, Charset charset) throws CharacterCodingException {
      var text =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(octets))
              .toString();
      if (!Arrays.equals(text.getBytes(charset), octets)) {
        throw new CharacterCodingException();
      }
      return text;
    }
  }
}
