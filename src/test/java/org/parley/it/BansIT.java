package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.LiveClient;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.mqtt.ConnectBytes;

/** Who is banned, by the list or for coming and going, while the broker works. */
class BansIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  /** A ban holds within a second; twice that, on a machine that does other work. */
  private static final Duration A_SECOND = Duration.ofSeconds(1);

  /** How often one client may connect; no other test does so as often. */
  private static final int FLAPPING = 50;

  private static final String NOBODY = "# nobody\n";

  private static WatchedServer server;

  @BeforeAll
  static void start() throws IOException {
    server =
        WatchedServer.start(
            "parley-bans",
            "PARLEY_BANS",
            NOBODY,
            "PARLEY_FLAPPING_RATE",
            "1/h",
            "PARLEY_FLAPPING_BURST",
            Integer.toString(FLAPPING));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @AfterEach
  void restore() throws Exception {
    server.replace(NOBODY);
    server.awaitBans(0);
  }

  @Test
  void givenSessions_whenTheirIdentityIsBanned_thenEndedAndRefusedUntilTheBanIsOver()
      throws Exception {
    try (var victim = server.connect("bans-banned", "/pcp2/agent");
        var client = server.mqtt("bans-banned");
        var bystander = server.connect("bans-agent", "/pcp2/agent")) {
      assertThat(client.connect(ConnectBytes.v5("banned")).reason()).isEqualTo(ReasonCode.SUCCESS);

      server.replace("identity bans-banned\n");

      assertThat(victim.awaitEnd(A_SECOND))
          .isEqualTo(new LiveClient.Closed(1008, "Not allowed any more."));
      client.expectDisconnect(ReasonCode.ADMINISTRATIVE_ACTION);
      try (var again = server.open("bans-banned", "/pcp2/agent")) {
        PlainAnswer.check(again.answer(), 403);
      }
      try (var again = server.mqtt("bans-banned")) {
        again.send(ConnectBytes.v5("banned"));
        again.expectRefusal(ReasonCode.BANNED);
      }
      assertThat(bystander.open()).isTrue();
      assertThat(server.ready().count("refused-banned")).isPositive();

      server.replace("identity bans-banned until 2020-01-01T00:00:00Z\n");
      await().atMost(SOON).until(() -> upgraded("bans-banned"));
    }
  }

  private static boolean upgraded(String commonName) throws IOException {
    try (var socket = server.open(commonName, "/pcp2/agent")) {
      return socket.upgraded();
    }
  }

  @Test
  @Tag("D21f")
  void givenClientThatComesAndGoes_whenItDoesSoTooOften_thenKeptOutAndOneLineInTheLog()
      throws Exception {
    for (int i = 0; i < FLAPPING; i++) {
      assertThat(upgraded("bans-flapping")).isTrue();
    }

    for (int i = 0; i < 3; i++) {
      try (var socket = server.open("bans-flapping", "/pcp2/agent")) {
        PlainAnswer.check(socket.answer(), 429);
        assertThat(Integer.parseInt(socket.answer().header("Retry-After").orElseThrow()))
            .isBetween(200, 300);
      }
    }
    assertThat(
            server.process().logged("pcp://bans-flapping/agent comes and goes: kept out for 300 s"))
        .isEqualTo(1);
    assertThat(upgraded("bans-agent")).isTrue();
  }

  @Test
  void givenBannedAddress_whenItComes_thenMqttIsClosedBeforeTlsAndOthersAreServed()
      throws Exception {
    server.replace("address 127.0.0.66\n");
    server.awaitBans(1);
    var from = InetAddress.ofLiteral("127.0.0.66");

    try (var socket =
        RawWebSocket.open(
            WatchedServer.wire("bans-address", server.process().httpsPort()).from(from),
            OpeningHandshake.of("/pcp2/agent"))) {
      PlainAnswer.check(socket.answer(), 403);
    }
    var banned = WatchedServer.wire("bans-address", server.process().mqttsPort()).from(from);
    assertThatThrownBy(banned::connect).isInstanceOf(IOException.class);
    try (var client = server.mqtt("bans-address")) {
      assertThat(client.connect(ConnectBytes.v5("address")).reason()).isEqualTo(ReasonCode.SUCCESS);
    }
  }

  @Test
  void givenBadBanList_whenItReplacesAGoodOne_thenTheFormerStaysAndHealthSaysWhy()
      throws Exception {
    server.replace("identity bans-banned\n");
    server.awaitBans(1);

    server.replace("identity\n");

    var health =
        await()
            .atMost(SOON)
            .until(server::ready, ready -> ready.data("parley-bans").containsKey("warning"));
    assertThat(health.status()).isEqualTo(200);
    assertThat(health.data("parley-bans").getInt("bans")).isEqualTo(1);
    assertThat(upgraded("bans-banned")).isFalse();
    assertThat(server.process().console()).contains("ban list not used");
  }
}
