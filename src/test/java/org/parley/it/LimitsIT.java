package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.parley.mqtt.packet.ReasonCode.SUCCESS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.Frame;
import org.parley.testing.LiveClient;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.ProxyHeaders;
import org.parley.testing.RawWebSocket;
import org.parley.testing.TestPki;
import org.parley.testing.V2;
import org.parley.testing.Wire;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;

/** What one identity or address may take, on a server with small limits. */
@Tag("own-engine")
class LimitsIT {
  private static final TestPki PKI = ServerProcess.PKI;
  private static final Duration SOON = ServerUnderTest.SOON;
  private static final Map<String, String> LIMITS =
      Map.ofEntries(
          Map.entry("PARLEY_CONNECTIONS_MAX_PER_IDENTITY", "3"),
          Map.entry("PARLEY_CONNECTIONS_MAX_PER_ADDRESS", "5"),
          Map.entry("PARLEY_CONNECTIONS_RATE_PER_IDENTITY", "1/h"),
          Map.entry("PARLEY_CONNECTIONS_BURST_PER_IDENTITY", "9"),
          Map.entry("PARLEY_MQTT_PROXIES", "127.0.0.77, 2001:db8:77::/64"),
          Map.entry("PARLEY_PCP_DUEL_BURST", "2"),
          Map.entry("PARLEY_PCP_DUEL_INTERVAL", "1h"),
          Map.entry("PARLEY_PCP_DUEL_PROBE", "500ms"),
          Map.entry("PARLEY_PCP_MESSAGES_RATE", "50/s"),
          Map.entry("PARLEY_PCP_MESSAGES_BURST", "10"),
          Map.entry("PARLEY_PCP_PING_INTERVAL", "300ms"),
          Map.entry("PARLEY_PCP_PONG_TIMEOUT", "2s"),
          Map.entry("PARLEY_WEBSOCKET_MESSAGE_TIMEOUT", "8s"));

  private static ServerProcess server;

  @BeforeAll
  static void start() throws IOException {
    server = ServerProcess.start("parley-limits", LIMITS);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  /** Each test has addresses of its own. */
  private static RawWebSocket handshake(String commonName, String clientType, int address)
      throws IOException {
    return ServerUnderTest.associated(knock(commonName, clientType, address));
  }

  /** The same without waiting for the session to begin. */
  private static RawWebSocket knock(String commonName, String clientType, int address)
      throws IOException {
    var wire =
        Wire.tls(server.httpsPort(), PKI.sslContext(PKI.client(commonName)))
            .from(InetAddress.ofLiteral("127.0.0." + address));
    return RawWebSocket.open(wire, OpeningHandshake.of("/pcp2/" + clientType));
  }

  private static LiveClient live(String commonName, String clientType, int address)
      throws IOException {
    return LiveClient.on(handshake(commonName, clientType, address));
  }

  /** Returns the seconds of Retry-After. */
  private static int refused(String commonName, String clientType, int address, int status)
      throws IOException {
    try (var socket = handshake(commonName, clientType, address)) {
      PlainAnswer.check(socket.answer(), status);
      return Integer.parseInt(socket.answer().header("Retry-After").orElseThrow());
    }
  }

  private static int count(String key) throws Exception {
    return Health.ready(server.httpPort()).count(key);
  }

  @Test
  void givenIdentityAtItsLimit_whenItConnectsAgain_thenOnlyUnderAUriThatItHas() throws Exception {
    try (var one = live("limits-many", "one", 10);
        var _ = live("limits-many", "two", 11);
        var _ = live("limits-many", "three", 12)) {
      assertThat(refused("limits-many", "four", 13, 503)).isEqualTo(5);
      assertThat(count("refused-identity-limit")).isEqualTo(1);

      try (var _ = live("limits-many", "one", 13)) {
        assertThat(one.awaitEnd(SOON)).isEqualTo(new LiveClient.Closed(4000, "Superseded"));
      }
      await().atMost(SOON).until(() -> upgraded("limits-many", "four", 13));
    }
  }

  private static boolean upgraded(String commonName, String clientType, int address)
      throws IOException {
    try (var socket = handshake(commonName, clientType, address)) {
      return socket.upgraded();
    }
  }

  @Test
  void givenRaceForOneAddress_whenItsPlacesAreTaken_thenExactlySoManyStay() throws Exception {
    var racers = new ArrayList<Callable<RawWebSocket>>();
    for (int i = 0; i < 16; i++) {
      var name = "limits-race" + i;
      racers.add(() -> knock(name, "agent", 20));
    }
    var clients = new ArrayList<LiveClient>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var racing : threads.invokeAll(racers)) {
        if (racing.get().upgraded()) {
          clients.add(LiveClient.on(racing.get()));
        } else {
          PlainAnswer.check(racing.get().answer(), 503);
          racing.get().close();
        }
      }

      await().atMost(SOON).until(() -> clients.stream().filter(LiveClient::open).count() == 5);
      assertThat(refused("limits-race-late", "agent", 20, 503)).isEqualTo(5);
      assertThat(upgraded("limits-race-late", "agent", 21)).isTrue();
      assertThat(clients.stream().filter(LiveClient::open)).hasSize(5);
    } finally {
      for (var client : clients) {
        client.close();
      }
    }
    await().atMost(SOON).until(() -> upgraded("limits-race-late", "agent", 20));
  }

  @Test
  @Tag("D21")
  void givenIdentityThatConnectsTooOften_whenItConnects_then429AndOneLineInTheLog()
      throws Exception {
    for (int i = 0; i < 9; i++) {
      assertThat(upgraded("limits-often", "agent", 30)).isTrue();
    }

    for (int i = 0; i < 5; i++) {
      assertThat(refused("limits-often", "type" + i, 30, 429)).isBetween(3_000, 3_600);
    }

    assertThat(count("refused-identity-rate")).isEqualTo(5);
    assertThat(server.logged("pcp://limits-often/type0: its identity connects too often"))
        .isEqualTo(1);
    assertThat(upgraded("limits-often-other", "agent", 30)).isTrue();
  }

  private static Peer mqtt(String commonName) throws IOException {
    var sockets = PKI.sslContext(PKI.client(commonName)).getSocketFactory();
    return Peer.on(sockets.createSocket(InetAddress.getLoopbackAddress(), server.mqttsPort()));
  }

  private static Peer mqtt(String commonName, String clientId) throws IOException {
    var peer = mqtt(commonName);
    assertThat(peer.connect(ConnectBytes.v5(clientId)).reason()).isEqualTo(SUCCESS);
    return peer;
  }

  @Test
  void givenIdentityAtItsLimitByMqtt_whenItConnectsAgain_thenQuotaButForATakeover()
      throws Exception {
    try (var _ = mqtt("limits-mqtt", "limits-1");
        var _ = mqtt("limits-mqtt", "limits-2");
        var last = mqtt("limits-mqtt", "limits-3")) {
      try (var more = mqtt("limits-mqtt")) {
        more.send(ConnectBytes.v5("limits-4"));
        more.expectRefusal(ReasonCode.QUOTA_EXCEEDED);
      }
      try (var _ = mqtt("limits-mqtt", "limits-3")) {
        last.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
      }
    }
  }

  @Test
  @Tag("D21")
  void givenIdentityThatConnectsTooOftenByMqtt_whenItConnects_thenRateExceeded() throws Exception {
    for (int i = 0; i < 9; i++) {
      try (var peer = mqtt("limits-mqtt-often", "often")) {
        peer.disconnect();
      }
    }

    for (int i = 0; i < 5; i++) {
      try (var late = mqtt("limits-mqtt-often")) {
        late.send(ConnectBytes.v5("often"));
        late.expectRefusal(ReasonCode.CONNECTION_RATE_EXCEEDED);
      }
    }
  }

  @Test
  @Tag("D21")
  void givenOneProxy_whenItPassesOnPeers_thenTheirOwnAddressesAreLimited() throws Exception {
    var peers = new ArrayList<Peer>();
    try {
      for (int i = 0; i < 5; i++) {
        peers.add(Proxied.passedOn(server.mqttsPort(), "limits-proxied-" + i / 3, "192.0.2.1"));
        assertThat(peers.getLast().connect(ConnectBytes.v5("p-" + i)).reason()).isEqualTo(SUCCESS);
      }
      peers.add(Proxied.passedOn(server.mqttsPort(), "limits-proxied-2", "192.0.2.1"));
      peers.getLast().send(ConnectBytes.v5("p-5")).expectRefusal(ReasonCode.QUOTA_EXCEEDED);
      peers.add(Proxied.passedOn(server.mqttsPort(), "limits-proxied-2", "2001:db8::1"));
      assertThat(peers.getLast().connect(ConnectBytes.v5("p-6")).reason()).isEqualTo(SUCCESS);
    } finally {
      peers.forEach(Peer::close);
    }
  }

  /** Whoever is on this machine may be anonymous; the proxy is, those that it passes on are not. */
  @Test
  void givenProxyOnThisMachine_whenItPassesOnAnybody_thenNobodyIsANeighbour() throws Exception {
    int port = server.mqttPort();
    var connect = ConnectBytes.v5("neighbour");
    try (var direct = Peer.open(port);
        var stranger = Peer.on(Proxied.connect(port, ProxyHeaders.from("192.0.2.2", 1)));
        var own = Peer.on(Proxied.connect(port, ProxyHeaders.local()));
        var liar = Peer.on(Proxied.connect(port, ProxyHeaders.from("127.0.0.1", 1)));
        var silent = Peer.on(Proxied.connect(port, connect.toByteArray()))) {
      assertThat(direct.connect(connect).reason()).isEqualTo(SUCCESS);
      stranger.send(connect).expectRefusal(ReasonCode.NOT_AUTHORIZED);
      own.send(connect).expectRefusal(ReasonCode.NOT_AUTHORIZED);
      liar.expectClosed();
      silent.expectClosed();
    }
    assertThat(server.logged("connection of proxy 127.0.0.77 closed: no PROXY header"))
        .isEqualTo(1);
  }

  @Test
  void givenDuel_whenBothKeepTrying_thenTheOneThatIsConnectedStays() throws Exception {
    try (var _ = live("limits-duel", "agent", 40);
        var _ = live("limits-duel", "agent", 41);
        var last = live("limits-duel", "agent", 40)) {
      for (int i = 0; i < 5; i++) {
        assertThat(refused("limits-duel", "agent", 41, 429)).isBetween(3_000, 3_600);
      }

      var uri = "pcp://limits-duel/agent";
      last.send(V2.message(V2.id(1), "self", uri, "1"));
      assertThat(last.await(SOON)).isEqualTo(V2.relayed(V2.id(1), "self", uri, uri, "1"));
      assertThat(server.logged("is taken over too often, by 127.0.0.41 from 127.0.0.40"))
          .isEqualTo(1);
      assertThat(count("refused-duel")).isGreaterThanOrEqualTo(5);
    }
  }

  @Test
  void givenDuel_whenTheHolderIsDead_thenTheNewcomerGetsInAfterAProbe() throws Exception {
    try (var _ = live("limits-dead", "agent", 50);
        var _ = live("limits-dead", "agent", 50);
        var dead = handshake("limits-dead", "agent", 50)) { // answers no pings
      assertThat(refused("limits-dead", "agent", 51, 429)).isPositive();

      await().atMost(SOON).until(() -> upgraded("limits-dead", "agent", 51));

      var close = dead.readFrame(Frame.CLOSE, SOON);
      assertThat(close.closeCode()).isEqualTo(4000);
    }
  }

  @Test
  void givenPeerOverItsMessageRate_whenItSendsOn_thenHeldAndNothingIsLost() throws Exception {
    var uri = "pcp://limits-flood/agent";
    var frames = new ArrayList<Frame>();
    for (int i = 0; i < 40; i++) {
      frames.add(Frame.text(V2.message(V2.id(i), "flood", uri)));
    }
    int before = count("messagesHeldSinceStart");
    try (var flood = live("limits-flood", "agent", 60)) {
      flood.send(frames.toArray(Frame[]::new));

      for (int i = 0; i < 40; i++) {
        assertThat(V2.parse(flood.await(SOON)).getString("id")).isEqualTo(V2.id(i));
      }
    }
    assertThat(count("messagesHeldSinceStart") - before).isPositive();
    await().atMost(SOON).until(() -> count("readersHeld") == 0);
  }

  @Test
  void givenFrameDrippedForLongerThanThePongTimeout_whenItIsWhole_thenThePeerWasNeverIdle()
      throws Exception {
    var uri = "pcp://limits-drip/agent";
    byte[] message =
        Frame.text(V2.message(V2.id(1), "drip", uri, "\"" + "x".repeat(400) + "\"")).encode();
    int pieces = 50;
    try (var dripping = handshake("limits-drip", "agent", 70)) {
      int piece = message.length / pieces + 1;
      drip(dripping, message, piece, Duration.ofMillis(100));

      var relayed = dripping.readFrame(Frame.TEXT, SOON);
      assertThat(V2.parse(relayed.text()).getString("id")).isEqualTo(V2.id(1));
    }
  }

  @Test
  @Tag("D10")
  @Tag("D11")
  void givenConnectionsThatSayNothing_whenAGoodPeerConnects_thenItMayAndTheyAreClosed()
      throws Exception {
    byte[] halfHello = {22, 3, 1, 0, (byte) 200, 1, 0, 0, (byte) 196, 3, 3};
    var silent = new ArrayList<RawWebSocket>();
    try {
      for (int i = 0; i < 200; i++) {
        silent.add(RawWebSocket.connect(Wire.plain(server.httpsPort())));
      }
      for (var stalled : silent.subList(0, 100)) {
        stalled.send(halfHello);
      }

      assertThat(upgraded("limits-meanwhile", "agent", 90)).isTrue();

      for (var one : silent) {
        one.awaitEnd(Duration.ofSeconds(30));
      }
    } finally {
      for (var one : silent) {
        one.close();
      }
    }
  }

  /** Sends bytes in pieces, one after each pause; it never answers a ping. */
  private static void drip(RawWebSocket socket, byte[] bytes, int piece, Duration pause)
      throws Exception {
    var sent = new AtomicInteger();
    try (var timer = Executors.newSingleThreadScheduledExecutor()) {
      var dripping =
          timer.scheduleAtFixedRate(
              () -> {
                int from = sent.getAndAdd(piece);
                try {
                  socket.send(
                      Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + piece)));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              },
              0,
              pause.toMillis(),
              TimeUnit.MILLISECONDS);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> sent.get() >= bytes.length || dripping.isDone());
      dripping.cancel(false);
    }
  }

  @Test
  @Tag("D10")
  void givenMessageThatNeverEnds_whenItsTimeIsOver_thenClosed() throws Exception {
    byte[] endless = Frame.text("x".repeat(10_000)).encode();
    try (var slow = handshake("limits-slow", "agent", 80);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var _ =
          threads.submit(
              () -> {
                drip(slow, endless, 1, Duration.ofMillis(200));
                return null;
              });

      var close = slow.readFrame(Frame.CLOSE, Duration.ofSeconds(20));
      assertThat(close.closeCode()).isEqualTo(1008);
      assertThat(close.closeReason()).isEqualTo("Message too slow.");
      slow.awaitEnd(SOON);
    }
  }
}
