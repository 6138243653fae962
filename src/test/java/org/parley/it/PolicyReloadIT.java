package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.LiveClient;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.V2;
import org.parley.testing.Wire;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** The policy file is replaced while the broker works. */
class PolicyReloadIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  /** A revoked right stops within a second; twice that, on a machine that does other work. */
  private static final Duration A_SECOND = Duration.ofSeconds(1);

  private static final int REPLACEMENTS = 8;
  private static final int IN_FLIGHT = 200;

  /** How often one client may connect; no other test does so as often. */
  private static final int FLAPPING = 50;

  private static final String AGENT = "pcp://reload-agent/agent";

  private static final String BOSS =
      """
        - name: boss
          effect: allow
          action: [associate, send, inventory]
          who: {common_name: reload-boss}
      """;
  private static final String SENDER =
      """
        - name: sender
          effect: allow
          action: send
          who: {common_name: reload-sender}
          target: pcp://*/agent
      """;
  private static final String EVERYBODY =
      """
        - name: everybody
          effect: allow
          action: [associate, connect]
      """;
  private static final String NOT_SENDER =
      """
        - name: not-sender
          effect: deny
          action: associate
          who: {common_name: reload-sender}
      """;

  private static final String MQTT =
      """
        - name: mqtt
          effect: allow
          action: [connect, subscribe]
      """;
  private static final String DEVICE =
      """
        - name: device
          effect: allow
          action: publish
          who: {common_name: reload-device}
      """;

  private static final String NO_BANS = "# nobody\n";

  private static Path file = Path.of("");
  private static Path bans = Path.of("");
  private static ServerProcess server;

  private static String policy(String... rules) {
    return "version: 1\nrules:\n" + String.join("", rules);
  }

  @BeforeAll
  static void start() throws IOException {
    file = Files.createTempDirectory("policy").resolve("policy.yaml");
    bans = file.resolveSibling("bans");
    replace(policy(BOSS, SENDER, EVERYBODY));
    ban(NO_BANS);
    server =
        ServerProcess.start(
            "parley-policy",
            Map.of(
                "PARLEY_POLICY",
                file.toAbsolutePath().toString(),
                "PARLEY_BANS",
                bans.toAbsolutePath().toString(),
                "PARLEY_FLAPPING_RATE",
                "1/h",
                "PARLEY_FLAPPING_BURST",
                Integer.toString(FLAPPING)));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    Files.delete(file);
    Files.delete(bans);
    Files.delete(file.getParent());
  }

  @AfterEach
  void restore() throws Exception {
    replace(policy(BOSS, SENDER, EVERYBODY));
    ban(NO_BANS);
    awaitRules(3);
    awaitBans(0);
  }

  private static void replace(String text) throws IOException {
    replace(file, text);
  }

  private static void ban(String text) throws IOException {
    replace(bans, text);
  }

  private static void replace(Path which, String text) throws IOException {
    var next = which.resolveSibling("next");
    Files.writeString(next, text);
    Files.move(next, which, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Health ready() throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var uri = URI.create("http://localhost:" + server.httpPort() + "/health/ready");
      var answer = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      return new Health(answer.statusCode(), V2.parse(answer.body()));
    }
  }

  /** Waits until so many rules are in force and nothing is wrong. */
  private static void awaitRules(int rules) {
    await()
        .atMost(SOON)
        .until(
            () -> ready().data("parley-policy"),
            data -> data.getInt("rules") == rules && !data.containsKey("warning"));
  }

  private static void awaitBans(int count) {
    await()
        .atMost(SOON)
        .until(
            () -> ready().data("parley-bans"),
            data -> data.getInt("bans") == count && !data.containsKey("warning"));
  }

  private static Wire wire(String commonName, int port) {
    return Wire.tls(port, ServerProcess.PKI.sslContext(ServerProcess.PKI.client(commonName)));
  }

  private static RawWebSocket open(String commonName, String path) throws IOException {
    return RawWebSocket.open(wire(commonName, server.httpsPort()), OpeningHandshake.of(path));
  }

  private static Peer mqtt(String commonName) throws IOException {
    return Peer.on(wire(commonName, server.mqttsPort()).connect().socket());
  }

  /** Connects, and waits until the session is there: the handshake ends before it begins. */
  private static LiveClient connect(String commonName, String path)
      throws IOException, InterruptedException {
    var client = LiveClient.on(open(commonName, path));
    client.send(V2.message(V2.id(), "example/hello", path.replace("/pcp2", "pcp://" + commonName)));
    client.await(SOON); // itself, or the broker that refuses it
    return client;
  }

  /** Sends until told to stop, never more ahead of the receiver than the queue takes. */
  private static int sendSteadily(LiveClient sender, LiveClient receiver, AtomicBoolean stop)
      throws IOException, InterruptedException {
    int sent = 0;
    int received = 0;
    while (!stop.get() || received < sent) {
      if (!stop.get() && sent - received < IN_FLIGHT) {
        sender.send(V2.message(V2.id(sent), "example/load", AGENT));
        sent++;
      } else {
        var message = V2.parse(receiver.await(SOON));
        assertThat(message.getString("id")).isEqualTo(V2.id(received));
        received++;
      }
    }
    return sent;
  }

  @Test
  void givenSteadyMessages_whenTheFileIsReplacedAgainAndAgain_thenNoneIsLost() throws Exception {
    try (var boss = connect("reload-boss", "/pcp2/controller");
        var agent = connect("reload-agent", "/pcp2/agent")) {
      var stop = new AtomicBoolean();
      var load = new CompletableFuture<Integer>();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  load.complete(sendSteadily(boss, agent, stop));
                } catch (IOException | InterruptedException | RuntimeException | Error e) {
                  load.completeExceptionally(e);
                }
              });

      for (int i = 0; i < REPLACEMENTS; i++) {
        boolean odd = i % 2 == 1;
        replace(odd ? policy(BOSS, SENDER, EVERYBODY) : policy(BOSS, EVERYBODY));
        awaitRules(odd ? 3 : 2);
      }
      stop.set(true);

      assertThat(load.get()).isGreaterThan(REPLACEMENTS * 10);
      assertThat(boss.poll()).as("an error").isNull();
      assertThat(boss.open()).isTrue();
      assertThat(agent.open()).isTrue();
    }
  }

  @Test
  void givenRightToSend_whenRevoked_thenRefusedWithinASecondAndTheSessionStays() throws Exception {
    try (var sender = connect("reload-sender", "/pcp2/agent");
        var agent = connect("reload-agent", "/pcp2/agent")) {
      sender.send(V2.message(V2.id(), "example/ping", AGENT));
      assertThat(V2.parse(agent.await(SOON)).getString("sender"))
          .isEqualTo("pcp://reload-sender/agent");
      replace(policy(BOSS, EVERYBODY));

      await()
          .pollInterval(Duration.ofMillis(20))
          .atMost(A_SECOND)
          .until(
              () -> {
                sender.send(V2.message(V2.id(), "example/ping", AGENT));
                return sender.poll();
              },
              answer -> answer != null && answer.contains("Message not authorized."));

      while (agent.poll() != null) {}
      var refused = V2.id();
      sender.send(V2.message(refused, "example/ping", AGENT));
      await()
          .atMost(SOON)
          .until(
              () -> V2.withoutId(sender.await(SOON)),
              V2.error("Message not authorized.", refused)::equals);
      assertThat(agent.poll()).isNull();
    }
  }

  @Test
  void givenSession_whenItMayNoLongerAssociate_thenClosedAndRefusedAndNobodyElse()
      throws Exception {
    try (var victim = connect("reload-sender", "/pcp2/agent");
        var bystander = connect("reload-agent", "/pcp2/agent")) {
      replace(policy(NOT_SENDER, BOSS, SENDER, EVERYBODY));

      assertThat(victim.awaitEnd(A_SECOND))
          .isEqualTo(new LiveClient.Closed(1008, "Not allowed any more."));
      try (var again = open("reload-sender", "/pcp2/agent")) {
        PlainAnswer.check(again.answer(), 403);
      }
      assertThat(bystander.open()).isTrue();
    }
  }

  @Test
  void givenSessions_whenTheirIdentityIsBanned_thenEndedAndRefusedUntilTheBanIsOver()
      throws Exception {
    try (var victim = connect("reload-banned", "/pcp2/agent");
        var client = mqtt("reload-banned");
        var bystander = connect("reload-agent", "/pcp2/agent")) {
      assertThat(client.connect(ConnectBytes.v5("banned")).reason()).isEqualTo(ReasonCode.SUCCESS);

      ban("identity reload-banned\n");

      assertThat(victim.awaitEnd(A_SECOND))
          .isEqualTo(new LiveClient.Closed(1008, "Not allowed any more."));
      client.expectDisconnect(ReasonCode.ADMINISTRATIVE_ACTION);
      try (var again = open("reload-banned", "/pcp2/agent")) {
        PlainAnswer.check(again.answer(), 403);
      }
      try (var again = mqtt("reload-banned")) {
        again.send(ConnectBytes.v5("banned"));
        again.expectRefusal(ReasonCode.BANNED);
      }
      assertThat(bystander.open()).isTrue();
      assertThat(ready().count("refused-banned")).isPositive();

      ban("identity reload-banned until 2020-01-01T00:00:00Z\n");
      await().atMost(SOON).until(() -> upgraded("reload-banned"));
    }
  }

  private static boolean upgraded(String commonName) throws IOException {
    try (var socket = open(commonName, "/pcp2/agent")) {
      return socket.upgraded();
    }
  }

  @Test
  @Tag("D21f")
  void givenClientThatComesAndGoes_whenItDoesSoTooOften_thenKeptOutAndOneLineInTheLog()
      throws Exception {
    for (int i = 0; i < FLAPPING; i++) {
      assertThat(upgraded("reload-flapping")).isTrue();
    }

    for (int i = 0; i < 3; i++) {
      try (var socket = open("reload-flapping", "/pcp2/agent")) {
        PlainAnswer.check(socket.answer(), 429);
        assertThat(Integer.parseInt(socket.answer().header("Retry-After").orElseThrow()))
            .isBetween(200, 300);
      }
    }
    assertThat(server.logged("pcp://reload-flapping/agent comes and goes: kept out for 300 s"))
        .isEqualTo(1);
    assertThat(upgraded("reload-agent")).isTrue();
  }

  @Test
  void givenBannedAddress_whenItComes_thenMqttIsClosedBeforeTlsAndOthersAreServed()
      throws Exception {
    ban("address 127.0.0.66\n");
    awaitBans(1);
    var from = InetAddress.ofLiteral("127.0.0.66");

    try (var socket =
        RawWebSocket.open(
            wire("reload-address", server.httpsPort()).from(from),
            OpeningHandshake.of("/pcp2/agent"))) {
      PlainAnswer.check(socket.answer(), 403);
    }
    var banned = wire("reload-address", server.mqttsPort()).from(from);
    assertThatThrownBy(banned::connect).isInstanceOf(IOException.class);
    try (var client = mqtt("reload-address")) {
      assertThat(client.connect(ConnectBytes.v5("address")).reason()).isEqualTo(ReasonCode.SUCCESS);
    }
  }

  @Test
  void givenBadBanList_whenItReplacesAGoodOne_thenTheFormerStaysAndHealthSaysWhy()
      throws Exception {
    ban("identity reload-banned\n");
    awaitBans(1);

    ban("identity\n");

    var health =
        await()
            .atMost(SOON)
            .until(
                PolicyReloadIT::ready, ready -> ready.data("parley-bans").containsKey("warning"));
    assertThat(health.status()).isEqualTo(200);
    assertThat(health.data("parley-bans").getInt("bans")).isEqualTo(1);
    assertThat(upgraded("reload-banned")).isFalse();
    assertThat(server.console()).contains("ban list not used");
  }

  @Test
  void givenSubscriber_whenItMayNoLongerAskTheInventory_thenClosed() throws Exception {
    try (var boss = connect("reload-boss", "/pcp2/controller")) {
      boss.send(
          V2.message(
              V2.id(),
              V2.INVENTORY_REQUEST,
              "pcp:///server",
              "{\"query\":[\"pcp://*/*\"],\"subscribe\":true}"));
      assertThat(boss.await(SOON)).contains("inventory_response");
      replace(policy(SENDER, EVERYBODY));

      assertThat(boss.awaitEnd(A_SECOND))
          .isEqualTo(new LiveClient.Closed(1008, "Not allowed any more."));
    }
  }

  /** A session by MQTT with the certificate's name as Client Identifier. */
  private static Peer session(String commonName) throws IOException {
    var peer = mqtt(commonName);
    assertThat(peer.connect(ConnectBytes.v5(commonName)).reason()).isEqualTo(ReasonCode.SUCCESS);
    return peer;
  }

  private static Peer subscriber() throws IOException {
    var peer = session("reload-reader");
    peer.subscribe("reload/#", 1);
    return peer;
  }

  @Test
  @Tag("CVE-2018-12546")
  void givenRetainedMessage_whenItsPublisherLosesTheRight_thenNotHeardUntilItHasItAgain()
      throws Exception {
    replace(policy(BOSS, SENDER, EVERYBODY, MQTT, DEVICE));
    awaitRules(5);
    try (var device = session("reload-device");
        var before = subscriber()) {
      device.publish(PublishBytes.of("reload/state", "on").retain(), 1);
      assertThat(Peer.text(before.receive())).isEqualTo("on");
    }

    replace(policy(BOSS, SENDER, EVERYBODY, MQTT));
    awaitRules(4);
    try (var without = subscriber()) {
      without.expectNothing();
    }

    replace(policy(BOSS, SENDER, EVERYBODY, MQTT, DEVICE));
    awaitRules(5);
    try (var again = subscriber()) {
      assertThat(Peer.text(again.receive())).isEqualTo("on");
    }
  }

  @Test
  void givenBadFile_whenItReplacesAGoodOne_thenNothingChangesAndHealthSaysWhy() throws Exception {
    try (var sender = connect("reload-sender", "/pcp2/agent");
        var agent = connect("reload-agent", "/pcp2/agent")) {
      replace("version: 1\nrules:\n  - nme: reload\n");

      var health =
          await()
              .atMost(SOON)
              .until(
                  PolicyReloadIT::ready,
                  ready -> ready.data("parley-policy").containsKey("warning"));
      assertThat(health.status()).isEqualTo(200);
      assertThat(health.data("parley-policy").getString("warning"))
          .isEqualTo(
              "the new file is not used, the former one stays in force: line 3, column 5: unknown"
                  + " key");
      assertThat(health.data("parley-policy").getInt("rules")).isEqualTo(3);
      sender.send(V2.message(V2.id(), "example/ping", AGENT));
      assertThat(agent.await(SOON)).contains("example/ping");
      assertThat(server.console()).contains("policy file not used").contains("\"nme\"");
    }
  }
}
