package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.testing.Frame;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.PcpTestClient;
import org.parley.testing.RawWebSocket;
import org.parley.testing.V1;
import org.parley.testing.V2;
import org.parley.testing.Wire;

/** As {@link ReferenceDefectsIT}, on a server that serves all of version 1 and has small limits. */
class ReferenceDefectsSettingsIT {
  private static final int CONNECTIONS = 8;
  private static final int UPDATE_BYTES = 1024;
  private static final String PAST = "2001-01-01T00:00:00Z";

  private static ServerProcess server;

  @BeforeAll
  static void start() throws IOException {
    server =
        ServerProcess.start(
            "parley-defects",
            Map.of(
                "PARLEY_PCP_V1_FULL", "true",
                "PARLEY_PCP_INVENTORY_MAX_UPDATE_SIZE", Integer.toString(UPDATE_BYTES),
                "PARLEY_CONNECTIONS_MAX", Integer.toString(CONNECTIONS),
                "PARLEY_CONNECTIONS_RATE_PER_IDENTITY", "0",
                "PARLEY_PCP_DUEL_BURST", "0"));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static RawWebSocket open(String commonName, String path) throws IOException {
    var pki = ServerProcess.PKI;
    var wire = Wire.tls(server.httpsPort(), pki.sslContext(pki.client(commonName)));
    return RawWebSocket.open(wire, OpeningHandshake.of(path));
  }

  /** Connects once those of the test before are gone. */
  private static PcpTestClient connect(String commonName, String path) {
    return await()
        .atMost(ServerUnderTest.SOON)
        .ignoreException(AssertionError.class)
        .until(() -> server.connect(commonName, path), client -> true);
  }

  /** A peer of version 1 whose session has begun. */
  private static PcpTestClient v1(String commonName, String clientType) throws IOException {
    var uri = "pcp://" + commonName + "/" + clientType;
    var peer = connect(commonName, "/pcp/" + clientType);
    assertAlive(peer, uri);
    return peer;
  }

  private static void assertAlive(PcpTestClient peer, String uri) throws IOException {
    var message = V1.message(V2.id(100), "alive", uri, uri);
    peer.sendBinary(message);
    assertThat(peer.awaitBinary(ServerUnderTest.SOON)).isEqualTo(message);
  }

  /** What the broker says to one client, without its id. */
  private static V1.Parsed own(String type, String target, String data) {
    JsonObject envelope =
        Json.createObjectBuilder()
            .add("message_type", "http://puppetlabs.com/" + type)
            .add("targets", Json.createArrayBuilder().add(target))
            .add("sender", "pcp:///server")
            .add("expires", V1.EPOCH)
            .build();
    return new V1.Parsed(envelope, List.of("2:" + data));
  }

  private static V1.Parsed heard(PcpTestClient peer) throws IOException {
    return V1.parse(peer.awaitBinary(ServerUnderTest.SOON));
  }

  @Test
  @Tag("2.12-17")
  void given17ExpiredMessage_whenSent_thenTtlExpiredAndNotDelivered() throws Exception {
    var from = "pcp://late/agent";
    var to = "pcp://late-target/agent";
    try (var sender = v1("late", "agent");
        var receiver = v1("late-target", "agent")) {
      sender.sendBinary(V1.frame(V1.envelope(V1.envelope(V2.id(1), "m", from, PAST, to))));

      assertThat(heard(sender).withoutId())
          .isEqualTo(own("ttl_expired", from, "{\"id\":\"" + V2.id(1) + "\"}"));
      assertAlive(receiver, to); // the first that comes
      assertAlive(sender, from); // told once
    }
  }

  @Test
  void givenWildcardAndReport_whenSent_thenReportFirstAndACopyForEachInItsVersion()
      throws Exception {
    var from = "pcp://whole/controller"; // who may see the inventory
    try (var sender = v1("whole", "controller");
        var binary = v1("whole-one", "whole");
        var text = connect("whole-two", "/pcp2/whole")) {
      var self = "pcp://whole-two/whole";
      text.sendText(V2.message(V2.id(2), "m", self, "1"));
      assertThat(text.awaitText(ServerUnderTest.SOON))
          .isEqualTo(V2.relayed(V2.id(2), "m", self, self, "1"));
      var envelope = V1.envelope(V2.id(1), "m", from, V1.NEVER, "pcp://*/whole");
      var asked = envelope.substring(0, envelope.length() - 1) + ",\"destination_report\":true}";
      sender.sendBinary(V1.frame(V1.envelope(asked), V1.data("{\"a\":1.0}")));

      var report = heard(sender).withoutId();
      assertThat(report.envelope()).isEqualTo(own("destination_report", from, "").envelope());
      var data = V2.parse(report.chunks().getFirst().substring(2));
      assertThat(data.getString("id")).isEqualTo(V2.id(1));
      assertThat(data.getJsonArray("targets").toString())
          .contains("\"pcp://whole-one/whole\"")
          .contains("\"pcp://whole-two/whole\"");
      assertThat(data.getJsonArray("targets")).hasSize(2);

      assertThat(heard(binary)).isEqualTo(new V1.Parsed(V2.parse(asked), List.of("2:{\"a\":1.0}")));
      assertThat(text.awaitText(ServerUnderTest.SOON))
          .isEqualTo(V2.relayed(V2.id(1), "m", self, from, "{\"a\":1.0}"));
      assertAlive(sender, from); // no error besides
    }
  }

  @Test
  @Tag("2.12-08")
  void given08FullBroker_whenAConnectedUriComesAgain_thenLetInAndANewUriIsNot() throws Exception {
    var full = new ArrayList<RawWebSocket>();
    try {
      for (int i = 0; i <= CONNECTIONS && full.stream().allMatch(RawWebSocket::upgraded); i++) {
        full.add(ServerUnderTest.associated(open("full" + i, "/pcp2/agent")));
      }
      assertThat(full.getLast().answer().status()).isEqualTo(503);

      try (var again = open("full0", "/pcp/agent")) {
        assertThat(again.answer().status()).isEqualTo(101);
        assertThat(full.getFirst().readFrame(Frame.CLOSE, ServerUnderTest.SOON).closeCode())
            .isEqualTo(4000);
      }
    } finally {
      for (var socket : full) {
        socket.close();
      }
    }
  }

  @Test
  @Tag("2.12-23")
  void given23ManyChanges_whenOneUpdateCannotHoldThem_thenSeveralThatAreSmall() throws Exception {
    var type = "/pcp2/" + "x".repeat(128);
    var clients = new ArrayList<PcpTestClient>();
    try (var observer = connect("observer", "/pcp2/controller")) {
      observer.sendText(
          V2.message(
              V2.id(1),
              V2.INVENTORY_REQUEST,
              "pcp:///server",
              "{\"query\":[\"pcp://*/" + "x".repeat(128) + "\"],\"subscribe\":true}"));
      assertThat(observer.awaitText(ServerUnderTest.SOON)).contains("\"uris\":[]");
      for (int i = 1; i < CONNECTIONS; i++) {
        clients.add(connect("changes" + i, type));
      }

      assertThat(awaitChanges(observer, CONNECTIONS - 1)).containsOnly(1);
      for (var client : clients) {
        client.close(); // all at once: one batch, too much for one update
      }
      assertThat(awaitChanges(observer, CONNECTIONS - 1)).containsOnly(-1);
    } finally {
      for (var client : clients) {
        client.close();
      }
    }
  }

  /** Takes updates, none of which may be too big, until they hold so many changes. */
  private static List<Integer> awaitChanges(PcpTestClient observer, int count) throws IOException {
    var changes = new ArrayList<Integer>();
    while (changes.size() < count) {
      var data = V2.parse(observer.awaitText(ServerUnderTest.SOON)).getJsonObject("data");
      assertThat(data.toString().getBytes(StandardCharsets.UTF_8))
          .hasSizeLessThanOrEqualTo(UPDATE_BYTES);
      for (var change : data.getJsonArray("changes").getValuesAs(JsonObject.class)) {
        changes.add(change.getInt("change"));
      }
    }
    assertThat(changes).hasSize(count);
    return changes;
  }
}
