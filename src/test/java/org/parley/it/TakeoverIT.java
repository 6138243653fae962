package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.parley.testing.Frame;
import org.parley.testing.LiveClient;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.V2;
import org.parley.testing.Wire;

/** One URI, one session: the newest connection has it, whoever comes and goes at the same time. */
class TakeoverIT extends ServerUnderTest {
  private static final LiveClient.Closed SUPERSEDED = new LiveClient.Closed(4000, "Superseded");

  /** The broker's own limit is one second. */
  private static final Duration CLOSED = Duration.ofSeconds(5);

  @Test
  void givenR18Session_whenAnotherTakesItsUri_thenTheOldOneIsToldAndItsLateMessagesAreDropped()
      throws Exception {
    var uri = "pcp://takeover/agent";
    try (var old = associated(handshake(PKI.client("takeover"), "/pcp2/agent"));
        var receiver = live("takeover-receiver", "/pcp2/agent");
        var observer = new Observer("controller-takeover")) {
      assertThat(observer.subscribe(uri)).containsExactly(uri);

      try (var newer = live("takeover", "/pcp/")) { // the paths of both versions share the URIs
        var close = old.readFrame(Frame.CLOSE, SOON);
        assertThat(close.closeCode()).isEqualTo(4000);
        assertThat(close.closeReason()).isEqualTo("Superseded");
        sendLate(old, V2.message(V2.id(1), "late", "pcp://takeover-receiver/agent"));
        old.awaitEnd(CLOSED); // though it never answered the close

        newer.send(V2.message(V2.id(2), "new", "pcp://takeover-receiver/agent"));
        assertThat(V2.parse(receiver.await(SOON)).getString("id")).isEqualTo(V2.id(2));
        assertThat(observer.awaitChanges(2)).containsExactly("-" + uri, "+" + uri);
        assertThat(observer.inventory("pcp://takeover/*")).containsExactly(uri);
        newer.send(V2.message(V2.id(3), "self", uri, "1"));
        assertThat(newer.await(SOON)).isEqualTo(V2.relayed(V2.id(3), "self", uri, uri, "1"));
      }
    }
  }

  private static void sendLate(RawWebSocket socket, String text) {
    try {
      socket.send(Frame.text(text));
    } catch (IOException _) {
      // Cut already.
    }
  }

  @Test
  void givenR18Session_whenTheOldConnectionDropsMuchLater_thenTheNewOneStays() throws Exception {
    var uri = "pcp://takeover-late/agent";
    try (var newer = chain("takeover-late", 10);
        var observer = new Observer("controller-takeover-late")) {
      assertThat(observer.inventory("pcp://takeover-late/*")).containsExactly(uri);
      newer.send(V2.message(V2.id(1), "self", uri, "1"));
      assertThat(newer.await(SOON)).isEqualTo(V2.relayed(V2.id(1), "self", uri, uri, "1"));
    }
  }

  /** Connects again and again, each former connection dropped when it has been superseded. */
  private static LiveClient chain(String commonName, int length) throws Exception {
    var newest = live(commonName, "/pcp2/agent");
    for (int i = 1; i < length; i++) {
      var former = newest;
      newest = live(commonName, "/pcp2/agent");
      former.close();
    }
    return newest;
  }

  @Test
  void givenR19HundredConnections_whenTheyRaceForOneUri_thenExactlyOneStays() throws Exception {
    int count = 100;
    var uri = "pcp://takeover-race/race";
    var tls = PKI.sslContext(PKI.client("takeover-race"));
    var ready = new CountDownLatch(count);
    Callable<LiveClient> racer =
        () -> {
          var socket =
              RawWebSocket.connect(Wire.tls(HTTPS_PORT, tls).deadline(Duration.ofSeconds(60)));
          ready.countDown();
          assertThat(ready.await(60, TimeUnit.SECONDS)).isTrue();
          socket.send(OpeningHandshake.of("/pcp2/race").encode());
          assertThat(socket.readAnswer().status()).isEqualTo(101);
          return LiveClient.on(socket);
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var observer = new Observer("controller-race")) {
      var racers = new ArrayList<LiveClient>();
      for (var result : threads.invokeAll(Collections.nCopies(count, racer))) {
        racers.add(result.get());
      }

      await().atMost(SOON).until(() -> racers.stream().filter(LiveClient::open).count() == 1);
      for (var loser : racers) {
        if (!loser.open()) {
          assertThat(loser.awaitEnd(CLOSED)).isEqualTo(SUPERSEDED);
        }
      }
      assertThat(observer.inventory("pcp://*/race")).containsExactly(uri);
      var winner = racers.stream().filter(LiveClient::open).findFirst().orElseThrow();
      observer.client().send(V2.message(V2.id(1), "hello", uri));
      assertThat(V2.parse(winner.await(SOON)).getString("id")).isEqualTo(V2.id(1));

      winner.close();
      await().atMost(SOON).until(() -> observer.inventory("pcp://*/race").isEmpty());
    }
  }

  @Test
  void givenThousandCycles_whenPeersConnectAndGoInEveryWay_thenNothingIsLeftOfThem()
      throws Exception {
    int threadCount = 4;
    long before = connectionsOpen();
    try (var threads = Executors.newFixedThreadPool(threadCount);
        var observer = new Observer("controller-cycles")) {
      var workers = new ArrayList<Callable<Integer>>();
      for (int worker = 0; worker < threadCount; worker++) {
        var name = "takeover-cycle" + worker;
        workers.add(() -> cycle(name, 250));
      }
      for (var result : threads.invokeAll(workers)) {
        assertThat(result.get()).isEqualTo(250);
      }

      await().atMost(SOON).until(() -> observer.inventory("pcp://*/cycle").isEmpty());
    }
    await().atMost(SOON).until(() -> connectionsOpen() <= before);
  }

  /** Connects with TLS resumption, and leaves in order, by FIN, or by reset, in turn. */
  private static int cycle(String commonName, int count) throws IOException {
    var wire =
        Wire.tls(HTTPS_PORT, PKI.sslContext(PKI.client(commonName)))
            .versions("TLSv1.2")
            .deadline(Duration.ofSeconds(30));
    for (int i = 0; i < count; i++) {
      try (var socket = RawWebSocket.open(wire, OpeningHandshake.of("/pcp2/cycle"))) {
        assertThat(socket.answer().status()).isEqualTo(101);
        switch (i % 3) {
          case 0 -> {
            socket.send(Frame.close(1000, ""));
            assertThat(socket.readFrame(Frame.CLOSE, SOON).closeCode()).isIn(1000, 4000);
          }
          case 1 -> socket.abort();
          default -> {}
        }
      }
    }
    return count;
  }

  private static long connectionsOpen() throws IOException, InterruptedException {
    return V2.parse(get("/health/ready").body()).getJsonArray("checks").stream()
        .map(JsonObject.class::cast)
        .map(check -> check.getJsonObject("data"))
        .filter(data -> data != null && data.containsKey("connectionsOpen"))
        .map(data -> data.getJsonNumber("connectionsOpen").longValue())
        .findFirst()
        .orElseThrow();
  }
}
