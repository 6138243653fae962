package org.parley.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * Any file at all: bans, one for each line that tells one, each of the peer that its line names and
 * over at the time that it says, or the line that is wrong.
 */
class BanListFuzzTest {
  private static final byte[] BAD_LINE = "\nx".getBytes(StandardCharsets.UTF_8);

  @FuzzTest(maxDuration = "10m")
  void givenAnyFile_whenRead_thenBansOrTheLineThatIsWrong(byte[] input) {
    var lines = new String(input, StandardCharsets.UTF_8).split("\r?\n", -1);

    switch (BanList.parse(input)) {
      case BanList.Parsed.Failed failed -> {
        assertThat(failed.line()).isBetween(1, lines.length);
        assertThat(failed.text()).isPrintable();
      }
      case BanList.Parsed.Loaded(var bans) -> {
        var telling =
            Arrays.stream(lines)
                .map(line -> BanLine.words(line).orElseThrow())
                .filter(words -> !words.isEmpty())
                .toList();
        assertThat(bans.size()).isEqualTo(telling.size());
        telling.forEach(words -> assertBanned(bans, words));
        assertCountsWhollyOrNot(input, lines.length);
      }
    }
  }

  private static void assertBanned(BanList bans, List<String> words) {
    assertThat(words.size()).isIn(2, 4);
    var end = words.size() == 4 ? Instant.parse(words.get(3)) : Instant.MAX;
    var whom = words.get(1);
    if (end.equals(Instant.MIN)) {
      return; // no moment is before it
    }
    var before = end.minusNanos(1);
    var ban =
        switch (words.getFirst()) {
          case "address" -> {
            var network = Network.parse(whom).orElseThrow();
            int slash = whom.indexOf('/');
            var first = slash < 0 ? whom : whom.substring(0, slash);
            boolean isInIt = network.contains(IpAddress.parse(first).orElseThrow());
            yield isInIt ? bans.ofAddress(first, before) : bans.ofAddress("none", before);
          }
          case "identity" -> bans.ofIdentity(whom, before);
          default -> bans.ofClientId(whom, before);
        };
    if (words.getFirst().equals("address") && ban.isEmpty()) {
      // ::/0 and the like begin with an address of IPv4, which is not in them.
      assertThat(Network.parse(whom).orElseThrow().bits()).isLessThan(Network.MAPPED_BITS);
      return;
    }
    assertThat(ban).isPresent();
    assertThat(ban.orElseThrow().inForce(before)).isTrue();
  }

  private static void assertCountsWhollyOrNot(byte[] input, int lines) {
    var longer = Arrays.copyOf(input, input.length + BAD_LINE.length);
    System.arraycopy(BAD_LINE, 0, longer, input.length, BAD_LINE.length);
    assertThat(BanList.parse(longer))
        .isEqualTo(
            new BanList.Parsed.Failed(
                lines + 1, "write the kind, whom, and if it ends: until, and a time"));
  }
}
