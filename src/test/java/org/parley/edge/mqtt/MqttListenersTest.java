package org.parley.edge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.parley.core.ByteWire;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.SettingException;
import org.parley.testing.FreePorts;
import org.parley.transport.TlsContextProvider;
import org.parley.transport.WebSocketOptions;
import org.parley.websocket.protocol.FrameRules;

/** The listeners: from settings to ports, start, drain, resume, stop. */
class MqttListenersTest {
  private static final TlsContextProvider NO_TLS =
      () -> {
        throw new AssertionError("nobody connects by TLS");
      };

  private static final Set<String> BANNED = ConcurrentHashMap.newKeySet();

  private static Configuration configuration(String... pairs) {
    var properties = new HashMap<String, String>();
    for (var port : List.of("mqtt.port", "mqtts.port", "mqtt.ws.port", "mqtt.wss.port")) {
      properties.put("parley." + port, "0");
    }
    for (int i = 0; i < pairs.length; i += 2) {
      properties.put(pairs[i], pairs[i + 1]);
    }
    return Configuration.read(properties.keySet(), key -> Optional.ofNullable(properties.get(key)));
  }

  private static MqttListeners listeners(Configuration configuration) {
    var webSocket =
        new WebSocketOptions(
            new FrameRules(1000, 1000, 10, false, true),
            (_, _) -> new WebSocketOptions.Answer.Accepted("mqtt"),
            Duration.ofSeconds(10));
    return new MqttListeners(
        configuration, Echo::new, NO_TLS, Optional.empty(), BANNED::contains, webSocket);
  }

  private record Echo(ByteWire wire) implements ByteWire.Handler {
    @Override
    public void received(ByteBuffer bytes) {
      wire.write(bytes);
    }

    @Override
    public void receivedAll() {}

    @Override
    public void writable() {}

    @Override
    public void closed() {}
  }

  private static int echoed(int port) throws IOException {
    try (var client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.setSoTimeout(10_000);
      client.getOutputStream().write(7);
      return client.getInputStream().read();
    }
  }

  private static boolean isClosed(int port) throws IOException {
    try (var client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.setSoTimeout(10_000);
      return client.getInputStream().read() < 0;
    } catch (SocketException _) {
      return true; // reset
    }
  }

  @Test
  void givenPortsOf0_whenStarted_thenReadyAndNothingListens() {
    var listeners = listeners(configuration());

    listeners.start();
    listeners.accept();
    listeners.resume();

    assertThat(listeners.accepting()).isTrue();
    assertThat(listeners.states()).isEmpty();
    assertThat(listeners.servesTls()).isFalse();
    listeners.stop();
  }

  @Test
  void givenPort_whenStartedDrainedAndResumed_thenAcceptingAccordingly() throws IOException {
    int port = FreePorts.take();
    var listeners = listeners(configuration("parley.mqtt.port", "" + port));
    assertThat(listeners.accepting()).isFalse();
    try {
      listeners.start();
      assertThat(listeners.accepting()).isFalse();
      listeners.accept();
      assertThat(listeners.accepting()).isTrue();
      assertThat(echoed(port)).isEqualTo(7);
      BANNED.add("127.0.0.1");
      assertThat(isClosed(port)).isTrue();
      assertThat(listeners.states().getFirst().banned()).isEqualTo(1);
      BANNED.clear();
      listeners.resume(); // nothing had been stopped
      assertThat(echoed(port)).isEqualTo(7);

      listeners.stopAccepting();
      assertThat(listeners.accepting()).isFalse();
      assertThat(listeners.states().getFirst().address()).isEmpty();

      listeners.resume();
      Awaitility.await().until(listeners::accepting);
      assertThat(echoed(port)).isEqualTo(7);
      var state = listeners.states().getFirst();
      assertThat(state.name()).isEqualTo("tcp");
      assertThat(state.address().orElseThrow().getPort()).isEqualTo(port);
      assertThat(state.address().orElseThrow().getAddress().isLoopbackAddress()).isTrue();
      assertThat(state.accepted()).isEqualTo(1);
    } finally {
      listeners.stop();
    }
  }

  @Test
  void givenPortTaken_whenStarted_thenOneLineNamesTheKeyAndNothingIsOpen() throws IOException {
    int port = FreePorts.take();
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int used = taken.getLocalPort();
      var listeners =
          listeners(
              configuration(
                  "parley.mqtt.port", "" + port,
                  "parley.mqtts.port", "" + used,
                  "parley.mqtts.host", "127.0.0.1"));

      assertThatExceptionOfType(SettingException.class)
          .isThrownBy(listeners::start)
          .withMessageStartingWith(
              "parley.mqtts.port (PARLEY_MQTTS_PORT) is \"%d\": 127.0.0.1 cannot", used)
          .withMessageNotContaining("\n");
      assertThat(listeners.servesTls()).isTrue();
      try (var free = new ServerSocket(port)) {
        assertThat(free.isBound()).isTrue();
      }
    }
  }

  /** The ports of WebSocket came later than others': who has not asked for them loses nothing. */
  @Test
  void givenPortOfWebSocketTakenThatNobodyHasNamed_whenStarted_thenTheOthersListen()
      throws IOException {
    int port = FreePorts.take();
    try (var taken = new ServerSocket()) {
      takeDefault(taken);
      var listeners =
          listeners(configuration("parley.mqtt.port", "" + port, "parley.mqtt.ws.port", "8083"));

      listeners.start();
      listeners.accept();

      assertThat(listeners.accepting()).isTrue();
      assertThat(listeners.states()).extracting(MqttListeners.State::name).containsExactly("tcp");
      listeners.stop();
    }
  }

  private static void takeDefault(ServerSocket socket) throws IOException {
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8083));
    } catch (BindException _) {
      assertThat(socket.isBound()).as("somebody else has it").isFalse();
    }
  }

  @Test
  void givenMarksOutOfOrder_whenRead_thenRefusedByName() {
    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(() -> MqttLimits.of(configuration("parley.mqtt.outbound.low", "1MiB")))
        .withMessageContaining("parley.mqtt.outbound.low")
        .withMessageContaining("parley.mqtt.outbound.high");
  }

  @Test
  void givenServersConfiguration_whenCompared_thenTheSameVersionsCiphersAndGroups()
      throws IOException {
    var xml = Files.readString(Path.of("src/main/liberty/config/server.xml"));
    var options = Files.readAllLines(Path.of("src/main/liberty/config/jvm.options"));

    assertThat(xml).contains("sslProtocol=\"" + String.join(",", MqttListeners.VERSIONS) + "\"");
    assertThat(xml)
        .contains("enabledCiphers=\"" + String.join(" ", MqttListeners.CIPHER_SUITES) + "\"");
    assertThat(options).contains("-Djdk.tls.namedGroups=" + String.join(",", MqttListeners.GROUPS));
  }
}
