package org.parley.identity.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Any file at all: users, one for each line that tells one, or the line that is wrong. No password
 * that is accepted costs more than the limits say.
 */
class UsersFuzzTest {
  private static final byte[] BAD_LINE = "\nx".getBytes(StandardCharsets.UTF_8);

  @FuzzTest(maxDuration = "10m")
  void givenAnyFile_whenRead_thenUsersOrTheLineThatIsWrong(byte[] input) {
    var lines = new String(input, StandardCharsets.UTF_8).split("\r?\n", -1);

    switch (Users.parse(input)) {
      case Users.Parsed.Failed failed -> {
        assertThat(failed.line()).isBetween(1, lines.length);
        assertThat(failed.text()).isPrintable();
      }
      case Users.Parsed.Loaded(var users) -> {
        var telling =
            Arrays.stream(lines).filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
        assertThat(users.size()).isEqualTo(telling.size()).isPositive();
        assertThat(users.all()).hasSize(users.size());
        telling.forEach(line -> assertIsWithinLimits(users, line));
        assertCountsWhollyOrNot(input, lines.length);
      }
    }
  }

  private static void assertIsWithinLimits(Users users, String line) {
    var name = line.substring(0, line.indexOf(':'));
    var hash = line.substring(line.indexOf(':') + 1);
    assertThat(Users.isName(name)).isTrue();
    assertThat(users.has(name)).isTrue();
    assertThat(name).hasSizeBetween(1, 255).doesNotContainPattern("\\p{Cntrl}");

    var fields = List.of(hash.split("\\$", -1));
    boolean scram = fields.get(1).equals("scram-sha-256");
    assertThat(fields).hasSize(scram ? 6 : 5);
    assertThat(fields.get(2)).containsOnlyDigits();
    assertThat(Integer.parseInt(fields.get(2))).isBetween(scram ? 4096 : 100, 1_000_000);
    assertThat(Base64.getDecoder().decode(fields.get(3))).hasSizeBetween(8, 64);
    fields
        .subList(4, fields.size())
        .forEach(key -> assertThat(Base64.getDecoder().decode(key)).hasSize(scram ? 32 : 64));
    if (users.find(name).orElseThrow() instanceof ScramKeys keys) {
      assertThat(keys.iterations()).isEqualTo(Integer.parseInt(fields.get(2)));
      assertThat(ScramKeys.parse(keys.text().split("\\$", -1))).isPresent();
    } else {
      assertThat(scram).isFalse();
    }
  }

  private static void assertCountsWhollyOrNot(byte[] input, int lines) {
    var longer = Arrays.copyOf(input, input.length + BAD_LINE.length);
    System.arraycopy(BAD_LINE, 0, longer, input.length, BAD_LINE.length);
    assertThat(Users.parse(longer))
        .isEqualTo(new Users.Parsed.Failed(lines + 1, "no colon; write name:hash"));
  }
}
