package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.LiveClient;
import org.parley.testing.V2;
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

  private static final String GIVEN = policy(BOSS, SENDER, EVERYBODY);

  private static WatchedServer server;

  private static String policy(String... rules) {
    return "version: 1\nrules:\n" + String.join("", rules);
  }

  @BeforeAll
  static void start() throws IOException {
    server = WatchedServer.start("parley-policy", "PARLEY_POLICY", GIVEN);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @AfterEach
  void restore() throws Exception {
    server.replace(GIVEN);
    server.awaitRules(3);
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
    try (var boss = server.connect("reload-boss", "/pcp2/controller");
        var agent = server.connect("reload-agent", "/pcp2/agent")) {
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
        server.replace(odd ? policy(BOSS, SENDER, EVERYBODY) : policy(BOSS, EVERYBODY));
        server.awaitRules(odd ? 3 : 2);
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
    try (var sender = server.connect("reload-sender", "/pcp2/agent");
        var agent = server.connect("reload-agent", "/pcp2/agent")) {
      sender.send(V2.message(V2.id(), "example/ping", AGENT));
      assertThat(V2.parse(agent.await(SOON)).getString("sender"))
          .isEqualTo("pcp://reload-sender/agent");
      server.replace(policy(BOSS, EVERYBODY));

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
    try (var victim = server.connect("reload-sender", "/pcp2/agent");
        var bystander = server.connect("reload-agent", "/pcp2/agent")) {
      server.replace(policy(NOT_SENDER, BOSS, SENDER, EVERYBODY));

      assertThat(victim.awaitEnd(A_SECOND))
          .isEqualTo(new LiveClient.Closed(1008, "Not allowed any more."));
      try (var again = server.open("reload-sender", "/pcp2/agent")) {
        PlainAnswer.check(again.answer(), 403);
      }
      assertThat(bystander.open()).isTrue();
    }
  }

  @Test
  void givenSubscriber_whenItMayNoLongerAskTheInventory_thenClosed() throws Exception {
    try (var boss = server.connect("reload-boss", "/pcp2/controller")) {
      boss.send(
          V2.message(
              V2.id(),
              V2.INVENTORY_REQUEST,
              "pcp:///server",
              "{\"query\":[\"pcp://*/*\"],\"subscribe\":true}"));
      assertThat(boss.await(SOON)).contains("inventory_response");
      server.replace(policy(SENDER, EVERYBODY));

      assertThat(boss.awaitEnd(A_SECOND))
          .isEqualTo(new LiveClient.Closed(1008, "Not allowed any more."));
    }
  }

  /** A session by MQTT with the certificate's name as Client Identifier. */
  private static Peer session(String commonName) throws IOException {
    var peer = server.mqtt(commonName);
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
    server.replace(policy(BOSS, SENDER, EVERYBODY, MQTT, DEVICE));
    server.awaitRules(5);
    try (var device = session("reload-device");
        var before = subscriber()) {
      device.publish(PublishBytes.of("reload/state", "on").retain(), 1);
      assertThat(Peer.text(before.receive())).isEqualTo("on");
    }

    server.replace(policy(BOSS, SENDER, EVERYBODY, MQTT));
    server.awaitRules(4);
    try (var without = subscriber()) {
      without.expectNothing();
    }

    server.replace(policy(BOSS, SENDER, EVERYBODY, MQTT, DEVICE));
    server.awaitRules(5);
    try (var again = subscriber()) {
      assertThat(Peer.text(again.receive())).isEqualTo("on");
    }
  }

  @Test
  void givenBadFile_whenItReplacesAGoodOne_thenNothingChangesAndHealthSaysWhy() throws Exception {
    try (var sender = server.connect("reload-sender", "/pcp2/agent");
        var agent = server.connect("reload-agent", "/pcp2/agent")) {
      server.replace("version: 1\nrules:\n  - nme: reload\n");

      var health =
          await()
              .atMost(SOON)
              .until(server::ready, ready -> ready.data("parley-policy").containsKey("warning"));
      assertThat(health.status()).isEqualTo(200);
      assertThat(health.data("parley-policy").getString("warning"))
          .isEqualTo(
              "the new file is not used, the former one stays in force: line 3, column 5: unknown"
                  + " key");
      assertThat(health.data("parley-policy").getInt("rules")).isEqualTo(3);
      sender.send(V2.message(V2.id(), "example/ping", AGENT));
      assertThat(agent.await(SOON)).contains("example/ping");
      assertThat(server.process().console()).contains("policy file not used").contains("\"nme\"");
    }
  }
}
