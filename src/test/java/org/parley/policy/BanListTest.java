package org.parley.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BanListTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  private static BanList list(String text) {
    return switch (BanList.parse(text.getBytes(UTF_8))) {
      case BanList.Parsed.Loaded(var bans) -> bans;
      case BanList.Parsed.Failed failed -> throw new AssertionError(failed.text());
    };
  }

  private static String problem(byte[] bytes) {
    return switch (BanList.parse(bytes)) {
      case BanList.Parsed.Loaded _ -> throw new AssertionError("it was read");
      case BanList.Parsed.Failed failed -> failed.text();
    };
  }

  private static boolean bansAddress(BanList list, String address) {
    return list.ofAddress(address, NOW).isPresent();
  }

  private static boolean bansIdentity(BanList list, String name) {
    return list.ofIdentity(name, NOW).isPresent();
  }

  @Test
  void givenNobody_whenAsked_thenNobodyIsBanned() {
    assertThat(BanList.NONE.size()).isZero();
    assertThat(bansAddress(BanList.NONE, "192.0.2.7")).isFalse();
    assertThat(bansIdentity(BanList.NONE, "")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.8, false",
    "192.0.2.7, ::ffff:192.0.2.7, true",
    "::ffff:192.0.2.7, 192.0.2.7, true",
    "192.0.2.0/24, 192.0.2.255, true",
    "192.0.2.0/24, 192.0.3.0, false",
    "2001:db8::/32, 2001:db8:1:2:3:4:5:6, true",
    "2001:db8::/32, 2001:db9::1, false",
    "2001:db8::1, 2001:0db8:0:0:0:0:0:1, true",
    "fe80::1, fe80::1%eth0, true",
    "0.0.0.0/0, 198.51.100.1, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "::/0, 2001:db8::1, true",
    "::/0, 192.0.2.7, false",
    "192.0.2.7, no address, false",
  })
  void givenNetwork_whenAnAddressIsAskedAbout_thenBannedIfItIsInIt(
      String banned, String address, boolean expected) {
    var list = list("address " + banned);

    assertThat(bansAddress(list, address)).isEqualTo(expected);
    assertThat(bansIdentity(list, address)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "client01, client01, true",
    "client01, client010, false",
    "client01, Client01, false",
    "lab-*, lab-7, true",
    "lab-*, a-lab-7, false",
    "*, anybody, true",
    "a.c, abc, false",
  })
  void givenName_whenAskedAbout_thenComparedExactlyButForStars(
      String banned, String name, boolean expected) {
    var identities = list("identity " + banned);
    var clientIds = list("client-id " + banned);

    assertThat(bansIdentity(identities, name)).isEqualTo(expected);
    assertThat(clientIds.ofClientId(name, NOW).isPresent()).isEqualTo(expected);
    assertThat(identities.ofClientId(name, NOW)).as("another kind").isEmpty();
    assertThat(bansIdentity(clientIds, name)).as("another kind").isFalse();
  }

  @Test
  void givenCommentsQuotesAndSpaces_whenRead_thenEachBanKnowsItsLine() {
    var list =
        list(
            """
            # Whom we do not want.

            \t identity  "CN=x, O=\\"y\\\\"\t # said so on the phone
            client-id a#b until 2026-06-02T00:00:00+02:00 #till tomorrow\r
            address 192.0.2.7\
            """);

    assertThat(list.size()).isEqualTo(3);
    assertThat(list.ofIdentity("CN=x, O=\"y\\", NOW)).contains(new Ban(3, Instant.MAX));
    assertThat(list.ofClientId("a#b", NOW))
        .contains(new Ban(4, Instant.parse("2026-06-01T22:00:00Z")));
    assertThat(list.ofAddress("192.0.2.7", NOW).map(Ban::toString))
        .contains("line 5 of the ban list");
  }

  @Test
  void givenEnd_whenItComes_thenTheBanIsOverWithoutAnotherList() {
    var list =
        list(
            """
            identity exact until 2026-06-01T12:00:00.001Z
            identity pattern-* until 2026-06-01T12:00:00.001Z
            address 192.0.2.0/24 until 2026-06-01T12:00:00.001Z
            client-id past until 2020-01-01T00:00:00Z
            """);

    for (var at : new Instant[] {NOW, NOW.plusMillis(1)}) {
      boolean banned = at.equals(NOW);
      assertThat(list.ofIdentity("exact", at).isPresent()).isEqualTo(banned);
      assertThat(list.ofIdentity("pattern-1", at).isPresent()).isEqualTo(banned);
      assertThat(list.ofAddress("192.0.2.9", at).isPresent()).isEqualTo(banned);
      assertThat(list.ofClientId("past", at)).isEmpty();
    }
  }

  @Test
  void givenPeerBannedTwice_whenOneBanEnds_thenTheOtherHolds() {
    var list =
        list(
            """
            identity twice until 2026-06-01T12:00:01Z
            identity twice until 2026-06-01T12:00:05Z
            identity twice until 2026-06-01T12:00:03Z
            address 192.0.2.7 until 2026-06-01T12:00:01Z
            address 192.0.0.0/16 until 2026-06-01T12:00:05Z
            """);

    assertThat(list.ofIdentity("twice", NOW).map(Ban::line)).contains(2);
    assertThat(list.ofAddress("192.0.2.7", NOW).map(Ban::line)).contains(4);
    assertThat(list.ofAddress("192.0.2.7", NOW.plusSeconds(2)).map(Ban::line)).contains(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"#", "\n", "# nobody\n\n"})
  void givenFileWithoutBans_whenRead_thenNobodyIsBanned(String text) {
    assertThat(list(text).size()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "identity | write the kind",
        "identity a until | write the kind",
        "identity a b | write the kind",
        "identity a until 2026-06-01T00:00:00Z x | write the kind",
        "user a | unknown kind",
        "Identity a | unknown kind",
        "'\uFEFFidentity a' | unknown kind",
        "identity a till 2026-06-01T00:00:00Z | bad end",
        "identity a until 2026-06-01 | bad end",
        "identity a until 2026-06-01T00:00:00 | bad end",
        "identity a until tomorrow | bad end",
        "identity a until 2026-13-01T00:00:00Z | bad end",
        "identity \"\" | bad name",
        "'identity a\u0007b' | bad name",
        "identity \"a | a quote",
        "identity \"a\"b | a quote",
        "identity \"a\\n\" | a quote",
        "identity \"a\\ | a quote",
        "address host | bad address",
        "address 192.0.2.7/24 | bad address",
        "address 192.0.2.0/33 | bad address",
        "address * | bad address",
      })
  void givenMistakeInALine_whenRead_thenNothingCountsAndTheLineIsNamed(
      String line, String problem) {
    assertThat(problem(("identity good\n" + line + "\nidentity better").getBytes(UTF_8)))
        .startsWith("line 2: " + problem)
        .isPrintable()
        .doesNotContain("good");
  }

  @Test
  void givenFileThatIsNoList_whenRead_thenSaid() {
    assertThat(problem(new byte[0])).startsWith("line 1: the file is empty");
    assertThat(problem("identity é".getBytes(StandardCharsets.ISO_8859_1)))
        .isEqualTo("line 1: the file is not in UTF-8");
    assertThat(problem(new byte[BanList.MAX_BYTES + 1])).contains("larger than");
  }

  private static String lines(int count, String format) {
    return IntStream.range(0, count).mapToObj(format::formatted).collect(Collectors.joining("\n"));
  }

  @Test
  void givenAsManyAsMayBe_whenThereIsOneMore_thenRefused() {
    var most = lines(BanList.MAX_BANS, "identity n%d");
    assertThat(list(most).size()).isEqualTo(BanList.MAX_BANS);
    assertThat(problem((most + "\nidentity more").getBytes(UTF_8)))
        .isEqualTo("line 100001: more than 100000 bans");

    var patterns = lines(BanList.MAX_PATTERNS - 1, "identity *n%d") + "\nclient-id *";
    assertThat(list(patterns).size()).isEqualTo(BanList.MAX_PATTERNS);
    assertThat(problem((patterns + "\nidentity *more").getBytes(UTF_8)))
        .isEqualTo("line 1001: more than 1000 bans with * in them");

    var name = "n".repeat(BanList.MAX_NAME);
    assertThat(bansIdentity(list("identity " + name), name)).isTrue();
    assertThat(problem(("identity x" + name).getBytes(UTF_8))).contains("bad name");
  }

  @Test
  void givenListOfEverything_whenAPeerIsAskedAbout_thenByAllThatItIsKnownBy() {
    var bans = new Bans(() -> NOW);
    var peer = Peers.mqtt("client01", "ada", "sensor");
    assertThat(bans.of(peer)).isEmpty();

    for (var line :
        new String[] {
          "address " + Peers.ADDRESS, "identity client01", "identity ada", "client-id sensor"
        }) {
      bans.enforce(list(line));
      assertThat(bans.of(peer)).as(line).isEqualTo(Optional.of(new Ban(1, Instant.MAX)));
      assertThat(bans.of(Peers.mqtt("", "", "other")).isPresent())
          .as(line)
          .isEqualTo(line.startsWith("address"));
    }
    assertThat(bans.version()).isEqualTo(4);
  }
}
