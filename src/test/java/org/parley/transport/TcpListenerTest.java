package org.parley.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A port of TCP: who gets a wire, how many, from the start to the stop. */
class TcpListenerTest {
  @ParameterizedTest
  @EnumSource(SocketKind.class)
  void givenEitherKindOfSocket_whenClientTalks_thenEchoed(SocketKind kind) throws Exception {
    var options = TcpFixture.options(TcpFixture.LIMITS, 100);
    try (var tcp = TcpFixture.open(kind, options, WireRecorder.echo());
        var client = tcp.connect()) {
      client.getOutputStream().write("hello".getBytes(US_ASCII));

      assertThat(client.getInputStream().readNBytes(5)).asString(US_ASCII).isEqualTo("hello");
      assertThat(tcp.loops().epoll()).isEqualTo(kind == SocketKind.EPOLL);
    }
  }

  @Test
  void givenClient_whenConnected_thenPeerSaysWhoItIs() throws Exception {
    var recorder = new WireRecorder();
    try (var tcp = TcpFixture.open(recorder);
        var client = tcp.connect()) {
      var peer = recorder.next().wire.peer();

      assertThat(peer.transport()).isEqualTo("tcp");
      assertThat(peer.remoteAddress()).isEqualTo(client.getLocalAddress().getHostAddress());
      assertThat(peer.remotePort()).isEqualTo(client.getLocalPort());
      assertThat(peer.chain()).isEmpty();
    }
  }

  @Test
  void givenLimitOfWires_whenOneMoreConnects_thenItIsClosedAndCounted() throws Exception {
    var options = TcpFixture.options(TcpFixture.LIMITS, 2);
    try (var tcp = TcpFixture.open(SocketKind.best(), options, WireRecorder.echo());
        var first = tcp.connect();
        var second = tcp.connect()) {
      Awaitility.await().atMost(WireRecorder.SOON).until(() -> tcp.listener().connections() == 2);
      try (var third = tcp.connect()) {
        assertThat(third.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(tcp.listener().refused()).isEqualTo(1);

      Data.close(first);
      Awaitility.await().atMost(WireRecorder.SOON).until(() -> tcp.listener().connections() == 1);
      try (var fourth = tcp.connect()) {
        fourth.getOutputStream().write(4);
        assertThat(fourth.getInputStream().read()).isEqualTo(4);
      }
      second.getOutputStream().write(2);
      assertThat(second.getInputStream().read()).isEqualTo(2);
      assertThat(tcp.listener().accepted()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource(SocketKind.class)
  void givenPortTaken_whenOpened_thenSaidAtOnce(SocketKind kind) throws Exception {
    var loops = TcpFixture.start(kind);
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var options =
          new TcpListener.Options(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort()),
              16,
              1,
              TcpFixture.LIMITS,
              Optional.empty(),
              Optional.empty());

      assertThatThrownBy(() -> TcpListener.bind(loops, options, new WireRecorder()))
          .isInstanceOf(IOException.class);
    } finally {
      loops.stop(Duration.ofSeconds(1));
    }
  }

  @Test
  void givenBoundOnly_whenClientConnects_thenItWaitsUntilAccepted() throws Exception {
    var recorder = WireRecorder.echo();
    var loops = TcpFixture.start(SocketKind.best());
    var listener = TcpListener.bind(loops, TcpFixture.options(TcpFixture.LIMITS, 1), recorder);
    try (var client = new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort())) {
      client.getOutputStream().write(1);
      assertThat(listener.accepting()).isFalse();
      assertThat(recorder.none()).isTrue();

      listener.accept();

      assertThat(client.getInputStream().read()).isEqualTo(1);
      assertThat(listener.mostConnections()).isEqualTo(1);
    } finally {
      loops.stop(Duration.ofSeconds(1));
    }
  }

  @Test
  void givenD25NoFileDescriptor_whenAcceptingFails_thenItPausesAndGoesOn() throws Exception {
    try (var tcp = TcpFixture.open(WireRecorder.echo());
        var before = tcp.connect()) {
      Awaitility.await().atMost(WireRecorder.SOON).until(() -> tcp.listener().accepted() == 1);
      tcp.listener().failToAccept(new IOException("Too many open files, or so this test says"));
      tcp.listener().failToAccept(new IOException("Too many open files, or so this test says"));

      try (var during = tcp.connect()) {
        during.getOutputStream().write(1);
        before.getOutputStream().write(2);
        assertThat(before.getInputStream().read()).isEqualTo(2);
        assertThat(tcp.listener().accepted()).isEqualTo(1);

        assertThat(during.getInputStream().read()).isEqualTo(1); // after the pause
      }
    }
  }

  @Test
  void givenStopAccepting_whenClientsConnect_thenRefusedAndOpenOnesLive() throws Exception {
    try (var tcp = TcpFixture.open(WireRecorder.echo());
        var client = tcp.connect()) {
      client.getOutputStream().write(1);
      assertThat(client.getInputStream().read()).isEqualTo(1);
      assertThat(tcp.listener().accepting()).isTrue();

      tcp.listener().stopAccepting();
      Awaitility.await().atMost(WireRecorder.SOON).until(() -> !tcp.listener().accepting());

      assertThatThrownBy(tcp::connect).isInstanceOf(ConnectException.class);
      client.getOutputStream().write(2);
      assertThat(client.getInputStream().read()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(SocketKind.class)
  void givenOpenWires_whenLoopsStop_thenClosedThreadsGoneAndTasksDropped(SocketKind kind)
      throws Exception {
    var recorder = new WireRecorder();
    var loops = TcpFixture.start(kind);
    var listener = TcpListener.bind(loops, TcpFixture.options(TcpFixture.LIMITS, 100), recorder);
    listener.accept();
    try (var client = new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort())) {
      client.setSoTimeout((int) WireRecorder.SOON.toMillis());
      var wire = recorder.next();
      var owner = wire.ask(_ -> Thread.currentThread());

      loops.stop(Duration.ofSeconds(2));

      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(wire.closes).hasValue(1);
      assertThat(owner.isAlive()).isFalse();
      assertThat(listener.accepting()).isFalse();
      wire.wire.executor().execute(() -> {}); // no harm
      assertThat(Thread.getAllStackTraces().keySet())
          .noneMatch(thread -> thread.getName().startsWith("globalEventExecutor"));
    }
  }
}
