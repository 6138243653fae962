package org.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.parley.transport.TlsOptions.ClientAuthentication;

/** Connections of a banned address are closed before anything is spent on them. */
class BannedAddressTest {
  private final Set<String> banned = ConcurrentHashMap.newKeySet();
  private final WireRecorder recorder = WireRecorder.echo();

  static Stream<Arguments> waysIn() {
    return Stream.of(SocketKind.values())
        .flatMap(kind -> Stream.of(Arguments.of(kind, false), Arguments.of(kind, true)));
  }

  private TcpFixture open(SocketKind kind, boolean tls) throws IOException {
    var plain = TcpFixture.options(TcpFixture.LIMITS, 100);
    return TcpFixture.open(
        kind,
        new TcpListener.Options(
            plain.address(),
            plain.backlog(),
            plain.mostWires(),
            plain.wire(),
            tls ? Optional.of(nobodyShakesHands()) : Optional.empty(),
            Optional.empty(),
            banned::contains,
            Optional.empty()),
        recorder);
  }

  private static TlsOptions nobodyShakesHands() {
    return new TlsOptions(
        () -> {
          throw new AssertionError("a TLS handshake has begun");
        },
        List.of("TLSv1.3"),
        List.of("TLS_AES_128_GCM_SHA256"),
        List.of("x25519"),
        "mqtt",
        ClientAuthentication.WANT,
        Duration.ofSeconds(10));
  }

  private static boolean closedAtOnce(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException _) {
      return true; // reset
    }
  }

  @ParameterizedTest
  @MethodSource("waysIn")
  void givenBannedAddress_whenItConnects_thenClosedAndCounted(SocketKind kind, boolean tls)
      throws Exception {
    banned.add("127.0.0.1");
    try (var listening = open(kind, tls);
        var socket = listening.connect()) {
      assertThat(closedAtOnce(socket)).isTrue();

      assertThat(recorder.none()).isTrue();
      assertThat(listening.listener().banned()).isEqualTo(1);
      assertThat(listening.listener().accepted()).isZero();
      assertThat(listening.listener().connections()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(SocketKind.class)
  void givenBanThatIsOver_whenTheAddressConnects_thenAccepted(SocketKind kind) throws Exception {
    banned.add("127.0.0.1");
    try (var listening = open(kind, false)) {
      try (var socket = listening.connect()) {
        assertThat(closedAtOnce(socket)).isTrue();
      }
      banned.remove("127.0.0.1");

      try (var socket = listening.connect()) {
        socket.getOutputStream().write(1);
        assertThat(socket.getInputStream().read()).isEqualTo(1);
      }
      assertThat(listening.listener().banned()).isEqualTo(1);
    }
  }
}
