package org.parley.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.parley.testing.ProxyHeaders.join;
import static org.parley.testing.ProxyHeaders.tlv;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.ProxyHeaders;

/** Connections that proxies pass on over TCP: whose they are, and which are closed. */
class ProxiedListenerTest {
  private static final Duration SHORTLY = Duration.ofMillis(300);
  private static final int MOST = 536;
  private static final byte[] HEADER = ProxyHeaders.from("192.0.2.1", 4711);

  /** The refusals that the listener has told of. */
  private final BlockingQueue<ProxyRefusal> told = new LinkedBlockingQueue<>();

  private ProxyOptions proxies(Duration limit) {
    return new ProxyOptions(
        InetAddress::isLoopbackAddress,
        MOST,
        limit,
        (proxy, reason) -> {
          assertThat(proxy.isLoopbackAddress()).isTrue();
          told.add(reason);
        });
  }

  private TcpFixture open(WireRecorder recorder, Duration limit) throws IOException {
    return open(SocketKind.best(), recorder, limit);
  }

  private TcpFixture open(SocketKind kind, WireRecorder recorder, Duration limit)
      throws IOException {
    var options = TcpFixture.options(Optional.empty(), proxies(limit));
    return TcpFixture.open(kind, options, recorder);
  }

  private static void assertEchoes(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(US_ASCII));
    assertThat(client.getInputStream().readNBytes(text.length()))
        .asString(US_ASCII)
        .isEqualTo(text);
  }

  private void assertRefused(TcpFixture tcp, ProxyRefusal reason) throws InterruptedException {
    assertThat(told.poll(WireRecorder.SOON.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo(reason);
    assertThat(tcp.listener().refusedHeaders())
        .allSatisfy((each, count) -> assertThat(count).isEqualTo(each == reason ? 1 : 0));
    assertThat(tcp.listener().proxied()).isZero();
    awaitNone(tcp);
    assertThat(told).isEmpty();
  }

  private static void awaitNone(TcpFixture tcp) {
    Awaitility.await().atMost(WireRecorder.SOON).until(() -> tcp.listener().connections() == 0);
  }

  @ParameterizedTest
  @EnumSource(SocketKind.class)
  void givenHeaderAndBytesAtOnce_whenSent_thenPeerIsTheSourceAndTheBytesFollow(SocketKind kind)
      throws Exception {
    var recorder = WireRecorder.echo();
    try (var tcp = open(kind, recorder, WireRecorder.SOON);
        var client = tcp.connect()) {
      client.getOutputStream().write(join(HEADER, "hello".getBytes(US_ASCII)));

      assertThat(client.getInputStream().readNBytes(5)).asString(US_ASCII).isEqualTo("hello");
      var peer = recorder.next().wire.peer();
      assertThat(peer.transport()).isEqualTo("tcp");
      assertThat(peer.remoteAddress()).isEqualTo("192.0.2.1");
      assertThat(peer.remotePort()).isEqualTo(4711);
      assertThat(peer.proxied()).isTrue();
      assertThat(tcp.listener().proxied()).isEqualTo(1);
      assertThat(told).isEmpty();
    }
  }

  @Test
  void givenHeaderByteByByte_whenWholeInTime_thenServed() throws Exception {
    var recorder = WireRecorder.echo();
    try (var tcp = open(recorder, WireRecorder.SOON);
        var client = tcp.connect()) {
      for (byte each : ProxyHeaders.from("2001:db8::1", 4711, tlv(4))) {
        client.getOutputStream().write(each);
      }

      assertEchoes(client, "hello");
      assertThat(recorder.next().wire.peer().remoteAddress()).isEqualTo("2001:db8:0:0:0:0:0:1");
    }
  }

  @Test
  void givenHeaderAlone_whenPassed_thenItsTimeIsOverWithIt() throws Exception {
    try (var tcp = open(WireRecorder.echo(), SHORTLY);
        var client = tcp.connect()) {
      client.getOutputStream().write(HEADER);
      client.setSoTimeout(Math.toIntExact(SHORTLY.multipliedBy(2).toMillis()));

      assertThat(catchTimeout(client)).isTrue();
      client.setSoTimeout(Math.toIntExact(WireRecorder.SOON.toMillis()));
      assertEchoes(client, "hello");
    }
  }

  /** Returns whether nothing came in time, the end neither. */
  private static boolean catchTimeout(Socket client) throws IOException {
    try {
      return client.getInputStream().read() == Integer.MIN_VALUE;
    } catch (SocketTimeoutException _) {
      return true;
    }
  }

  @Test
  void givenLocal_whenConnected_thenPeerIsTheProxyAndYetNoNeighbour() throws Exception {
    var recorder = WireRecorder.echo();
    try (var tcp = open(recorder, WireRecorder.SOON);
        var client = tcp.connect()) {
      client.getOutputStream().write(ProxyHeaders.local());

      assertEchoes(client, "hello");
      var peer = recorder.next().wire.peer();
      assertThat(peer.remoteAddress()).isEqualTo(client.getLocalAddress().getHostAddress());
      assertThat(peer.remotePort()).isEqualTo(client.getLocalPort());
      assertThat(peer.proxied()).isTrue();
    }
  }

  @Test
  void givenPeerThatIsNotListed_whenItSendsAHeader_thenItIsWhatItSaysToWhatFollows()
      throws Exception {
    var recorder = new WireRecorder();
    var others = new ProxyOptions(_ -> false, MOST, WireRecorder.SOON, (_, why) -> told.add(why));
    var options = TcpFixture.options(Optional.empty(), others);
    try (var tcp = TcpFixture.open(SocketKind.best(), options, recorder);
        var client = tcp.connect()) {
      client.getOutputStream().write(HEADER);

      var wire = recorder.next();
      wire.awaitBytes(HEADER.length);
      assertThat(wire.bytes()).isEqualTo(HEADER);
      assertThat(wire.wire.peer().remoteAddress())
          .isEqualTo(client.getLocalAddress().getHostAddress());
      assertThat(wire.wire.peer().proxied()).isFalse();
      assertThat(tcp.listener().proxied()).isZero();
    }
  }

  @Test
  void givenTwoHeaders_whenSent_thenTheSecondIsNone() throws Exception {
    var recorder = new WireRecorder();
    var second = ProxyHeaders.from("198.51.100.1", 1);
    try (var tcp = open(recorder, WireRecorder.SOON);
        var client = tcp.connect()) {
      client.getOutputStream().write(join(HEADER, second));

      var wire = recorder.next();
      wire.awaitBytes(second.length);
      assertThat(wire.bytes()).isEqualTo(second);
      assertThat(wire.wire.peer().remoteAddress()).isEqualTo("192.0.2.1");
    }
  }

  static Stream<Arguments> refused() {
    var connect = new byte[] {0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0};
    return Stream.of(
        argumentSet("none", connect, ProxyRefusal.NO_HEADER),
        argumentSet(
            "version 1",
            "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n".getBytes(US_ASCII),
            ProxyRefusal.VERSION_1),
        argumentSet("version 3", ProxyHeaders.of(0x31, 0x11), ProxyRefusal.VERSION),
        argumentSet("command", ProxyHeaders.of(0x2F, 0x11), ProxyRefusal.COMMAND),
        argumentSet("UNSPEC", ProxyHeaders.of(0x21, 0), ProxyRefusal.FAMILY),
        argumentSet("UNIX", ProxyHeaders.of(0x21, 0x31, new byte[216]), ProxyRefusal.FAMILY),
        argumentSet("too short", ProxyHeaders.of(0x21, 0x11, new byte[4]), ProxyRefusal.LENGTH),
        argumentSet(
            "too long", ProxyHeaders.from("192.0.2.1", 1, new byte[MOST]), ProxyRefusal.LENGTH),
        argumentSet("TLV cut", ProxyHeaders.from("192.0.2.1", 1, new byte[1]), ProxyRefusal.TLV),
        argumentSet(
            "checksum",
            ProxyHeaders.from("192.0.2.1", 1, tlv(3, new byte[4])),
            ProxyRefusal.CHECKSUM),
        argumentSet("loopback", ProxyHeaders.from("127.0.0.1", 1), ProxyRefusal.SOURCE));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void givenProxyWithoutAGoodHeader_whenItSpeaks_thenClosedAndCounted(
      byte[] bytes, ProxyRefusal reason) throws Exception {
    var recorder = new WireRecorder();
    try (var tcp = open(recorder, WireRecorder.SOON);
        var client = tcp.connect()) {
      client.getOutputStream().write(join(bytes, "and more".getBytes(US_ASCII)));

      Data.readToTheEnd(client);
      assertRefused(tcp, reason);
      assertThat(recorder.none()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 12, 16, 27})
  void givenHeaderThatStops_whenItsTimeIsOver_thenClosed(int bytesSent) throws Exception {
    var recorder = new WireRecorder();
    try (var tcp = open(recorder, SHORTLY);
        var client = tcp.connect()) {
      client.getOutputStream().write(HEADER, 0, bytesSent);

      Data.readToTheEnd(client);
      assertRefused(tcp, ProxyRefusal.TIMEOUT);
      assertThat(recorder.none()).isTrue();
    }
  }

  /** What comes now and then gains no time. */
  @Test
  void givenHeaderThatDrips_whenItsTimeIsOver_thenClosed() throws Exception {
    var longest = ProxyHeaders.from("192.0.2.1", 1, tlv(4, new byte[MOST - 31]));
    try (var tcp = open(new WireRecorder(), SHORTLY);
        var client = tcp.connect()) {
      client.setSoTimeout(20);
      int sent = 0;
      while (sent < longest.length && !ended(client, longest[sent])) {
        sent++;
      }

      assertThat(sent).isBetween(2, 100);
      assertRefused(tcp, ProxyRefusal.TIMEOUT);
    }
  }

  /** Sends a byte; returns whether the end comes meanwhile. */
  private static boolean ended(Socket client, byte next) {
    try {
      client.getOutputStream().write(next);
      return client.getInputStream().read() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  @Test
  void givenPartOfAHeader_whenTheProxyCloses_thenCounted() throws Exception {
    try (var tcp = open(new WireRecorder(), WireRecorder.SOON)) {
      try (var client = tcp.connect()) {
        client.getOutputStream().write(Arrays.copyOf(HEADER, 20));
      }

      assertRefused(tcp, ProxyRefusal.INCOMPLETE);
    }
  }

  /** So do proxies look whether a port is open. */
  @Test
  void givenNotAByte_whenTheProxyCloses_thenNothingIsSaidOfIt() throws Exception {
    try (var tcp = open(new WireRecorder(), WireRecorder.SOON)) {
      tcp.connect().close();

      Awaitility.await().atMost(WireRecorder.SOON).until(() -> tcp.listener().accepted() == 1);
      awaitNone(tcp);
      assertThat(told).isEmpty();
      assertThat(tcp.listener().refusedHeaders().values()).containsOnly(0L);
    }
  }

  @Test
  void givenProxyThatSpeaksForABannedAddress_whenItHasSaidSo_thenClosedAndCounted()
      throws Exception {
    var plain = TcpFixture.options(Optional.empty(), proxies(WireRecorder.SOON));
    var options =
        new TcpListener.Options(
            plain.address(),
            plain.backlog(),
            plain.mostWires(),
            plain.wire(),
            plain.tls(),
            plain.proxies(),
            "192.0.2.1"::equals,
            Optional.empty());
    var recorder = WireRecorder.echo();
    try (var tcp = TcpFixture.open(SocketKind.best(), options, recorder);
        var banned = tcp.connect();
        var other = tcp.connect()) {
      banned.getOutputStream().write(join(HEADER, "hello".getBytes(US_ASCII)));
      Data.readToTheEnd(banned);
      assertThat(tcp.listener().banned()).isEqualTo(1);
      assertThat(recorder.none()).isTrue();

      other.getOutputStream().write(ProxyHeaders.from("192.0.2.2", 4711));
      assertEchoes(other, "hello");
    }
  }

  @Test
  void givenProxyWithoutHeaders_whenItHasAllPlaces_thenNoMoreAreAccepted() throws Exception {
    var plain = TcpFixture.options(TcpFixture.LIMITS, 2);
    var options =
        new TcpListener.Options(
            plain.address(),
            plain.backlog(),
            plain.mostWires(),
            plain.wire(),
            plain.tls(),
            Optional.of(proxies(WireRecorder.SOON)));
    try (var tcp = TcpFixture.open(SocketKind.best(), options, WireRecorder.echo());
        var first = tcp.connect();
        var second = tcp.connect()) {
      Awaitility.await().atMost(WireRecorder.SOON).until(() -> tcp.listener().connections() == 2);
      try (var third = tcp.connect()) {
        Data.readToTheEnd(third);
      }

      assertThat(tcp.listener().refused()).isEqualTo(1);
      first.getOutputStream().write(HEADER);
      assertEchoes(first, "one");
      second.getOutputStream().write(HEADER);
      assertEchoes(second, "two");
    }
  }
}
