package org.parley.identity.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UsersTest {
  private static final Users USERS =
      SampleUsers.of("# users", SampleUsers.BOB, "", SampleUsers.ADA + "\r", SampleUsers.USER);

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean verified(Users users, String name, String password) {
    return new StoredPasswords(() -> users, SampleUsers.decoys()).verify(name, utf8(password));
  }

  @Test
  void givenFileOfMosquitto_whenPasswordsAreCompared_thenAsMosquittoHasThem() {
    assertThat(verified(USERS, "bob", "secret")).isTrue();
    assertThat(verified(USERS, "ada", "p\u00E4ssword")).isTrue();
    assertThat(verified(SampleUsers.of(SampleUsers.CAROL), "carol", "s")).isTrue();
    assertThat(verified(USERS, "bob", "Secret")).isFalse();
    assertThat(verified(USERS, "bob", "secret ")).isFalse();
    assertThat(verified(USERS, "bob", "")).isFalse();
    assertThat(verified(USERS, "ada", "secret")).isFalse();
    assertThat(verified(USERS, "Bob", "secret")).isFalse();
  }

  @Test
  void givenKeysForScram_whenAPlainPasswordIsCompared_thenTheyServeIt() {
    assertThat(verified(USERS, "user", "pencil")).isTrue();
    assertThat(verified(USERS, "user", "pencils")).isFalse();
  }

  @Test
  void givenKeys_whenWrittenAndRead_thenTheyKnowTheSamePassword() {
    var keys = ScramKeys.of(utf8("\u20AC"), new byte[16], 5000);
    var users = SampleUsers.of("eve:" + keys.text());

    assertThat(keys.text()).startsWith("$scram-sha-256$5000$AAAAAAAAAAAAAAAAAAAAAA==$");
    assertThat(verified(users, "eve", "\u20AC")).isTrue();
  }

  @Test
  void givenUnknownUser_whenAsked_thenNoWhateverThePassword() {
    assertThat(verified(USERS, "nobody", "secret")).isFalse();
    assertThat(verified(USERS, "", "")).isFalse();
    assertThat(verified(Users.NONE, "bob", "secret")).isFalse();
    assertThat(USERS.has("bob")).isTrue();
    assertThat(USERS.has("nobody")).isFalse();
    assertThat(USERS.size()).isEqualTo(3);
  }

  @Test
  void givenUnknownUser_whenHashed_thenAlwaysByTheSameUsersHash() {
    var decoys = SampleUsers.decoys();

    assertThat(decoys.hash(USERS, "nobody")).isSameAs(decoys.hash(USERS, "nobody"));
    assertThat(Stream.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"))
        .extracting(name -> decoys.hash(USERS, name))
        .containsAll(USERS.all());
  }

  @Test
  void givenEmptyPassword_whenItIsTheUsers_thenItIsRight() {
    var users = SampleUsers.of("open:" + ScramKeys.of(new byte[0], new byte[8], 4096).text());

    assertThat(verified(users, "open", "")).isTrue();
    assertThat(verified(users, "open", "x")).isFalse();
  }

  private static Arguments bad(String name, String text, int line, String what) {
    return argumentSet(name, text, line, what);
  }

  static Stream<Arguments> bad() {
    var salt = "AAAAAAAAAAAAAAAA";
    var key = "A".repeat(43) + "=";
    var hash = "A".repeat(86) + "==";
    return Stream.of(
        bad("empty", "", 1, "no user in the file"),
        bad("comments only", "# a\n\n#b\n", 4, "no user in the file"),
        bad("no colon", SampleUsers.BOB + "\nbob", 2, "no colon"),
        bad("no name", SampleUsers.BOB.substring(3), 1, "bad user name"),
        bad("control character", "a\u0001b:x", 1, "bad user name"),
        bad("name too long", "a".repeat(256) + ":x", 1, "bad user name"),
        bad("twice", SampleUsers.BOB + "\n#\n" + SampleUsers.BOB, 3, "is there already"),
        bad("plain password", "bob:secret", 1, "bad hash"),
        bad("no hash", "bob:", 1, "bad hash"),
        bad("other form", "bob:$6$" + salt + "$" + hash, 1, "bad hash"),
        bad("sign alone", "bob:$", 1, "bad hash"),
        bad("space behind", SampleUsers.BOB + " ", 1, "bad hash"),
        bad("field too many", SampleUsers.BOB + "$", 1, "bad hash"),
        bad("field too few", "bob:$7$101$" + salt, 1, "bad hash"),
        bad("few iterations", "bob:$7$99$" + salt + "$" + hash, 1, "bad hash"),
        bad("many iterations", "bob:$7$1000001$" + salt + "$" + hash, 1, "bad hash"),
        bad("huge iterations", "bob:$7$99999999999$" + salt + "$" + hash, 1, "bad hash"),
        bad("iterations with sign", "bob:$7$+101$" + salt + "$" + hash, 1, "bad hash"),
        bad("short salt", "bob:$7$101$AAAA$" + hash, 1, "bad hash"),
        bad("long salt", "bob:$7$101$" + "A".repeat(88) + "$" + hash, 1, "bad hash"),
        bad("short hash", "bob:$7$101$" + salt + "$" + key, 1, "bad hash"),
        bad("no base64", "bob:$7$101$" + salt + "$" + hash.replace('A', '!'), 1, "bad hash"),
        bad(
            "scram, few iterations",
            "bob:$scram-sha-256$4095$" + salt + "$" + key + "$" + key,
            1,
            "bad hash"),
        bad("scram, short salt", "bob:$scram-sha-256$4096$AAAA$" + key + "$" + key, 1, "bad hash"),
        bad("scram, short key", "bob:$scram-sha-256$4096$" + salt + "$AAAA$" + key, 1, "bad hash"),
        bad(
            "scram, short server key",
            "bob:$scram-sha-256$4096$" + salt + "$" + key + "$AAAA",
            1,
            "bad hash"),
        bad("scram, a key", "bob:$scram-sha-256$4096$" + salt + "$" + key, 1, "bad hash"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  @Tag("CVE-2018-12551")
  void givenBadFile_whenRead_thenRefusedWholeWithItsLine(String text, int line, String what) {
    var parsed = Users.parse(utf8(text));

    assertThat(parsed).isInstanceOf(Users.Parsed.Failed.class);
    var failed = (Users.Parsed.Failed) parsed;
    assertThat(failed.text()).startsWith("line " + line + ": ").contains(what);
    assertThat(failed.what()).as("nothing of the file").doesNotContain("secret", "bob", "AAAA");
  }

  @Test
  void givenNoUtf8OrTooMuch_whenRead_thenRefused() {
    var latin = "\u00E4:x".getBytes(StandardCharsets.ISO_8859_1);
    var large = new byte[Users.MAX_BYTES + 1];
    Arrays.fill(large, (byte) '#');

    assertThat(((Users.Parsed.Failed) Users.parse(latin)).what()).contains("UTF-8");
    assertThat(((Users.Parsed.Failed) Users.parse(large)).what()).contains("larger than");
  }

  @Test
  void givenMoreUsersThanTheLimit_whenRead_thenRefused() {
    var text = new StringBuilder();
    var hash = SampleUsers.BOB.substring(3);
    for (int i = 0; i <= Users.MAX_USERS; i++) {
      text.append('u').append(i).append(hash).append('\n');
    }
    var failed = (Users.Parsed.Failed) Users.parse(utf8(text.toString()));

    assertThat(failed.line()).isEqualTo(Users.MAX_USERS + 1);
    assertThat(failed.what()).isEqualTo("more than 100000 users");
  }

  @Test
  void givenKeysOutOfBounds_whenMade_thenRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScramKeys.of(new byte[1], new byte[16], 4095));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScramKeys.of(new byte[1], new byte[16], 1_000_001));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScramKeys.of(new byte[1], new byte[7], 4096));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScramKeys.of(new byte[1], new byte[65], 4096));
  }
}
