package org.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.security.cert.CRLException;
import java.util.List;
import org.parley.identity.CrlFile.UnreadableCrlException;
import org.parley.identity.Revocations.Parsed;

/**
 * Any bytes at all: CRLs, as many as there are blocks, or one line that says why not. Without an
 * authority that has signed them they never count.
 */
class CrlFileFuzzTest {
  private static final String BEGIN = "-----BEGIN ";

  @FuzzTest(maxDuration = "10m")
  void givenAnyFile_whenRead_thenCrlsOrAReason(byte[] input) throws CRLException {
    assertThat(RevocationsReader.read(input, List.of()))
        .isInstanceOfSatisfying(Parsed.Failed.class, failed -> assertIsOneLine(failed.reason()));
    try {
      var crls = CrlFile.read(input);
      if (input[0] == Der.SEQUENCE) {
        assertThat(crls).hasSize(1);
        assertThat(crls.getFirst().getEncoded()).isEqualTo(input);
      } else {
        var text = new String(input, StandardCharsets.ISO_8859_1);
        assertThat(crls).hasSize(text.split(BEGIN, -1).length - 1);
      }
    } catch (UnreadableCrlException e) {
      assertIsOneLine(String.valueOf(e.getMessage()));
    }
  }

  private static void assertIsOneLine(String reason) {
    assertThat(reason).isNotEmpty().doesNotContainPattern("\\p{Cntrl}");
  }
}
