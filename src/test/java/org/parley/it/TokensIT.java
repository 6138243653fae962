package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.TestIssuer;
import org.parley.testing.Wire;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;

/** Tokens as MQTT passwords, on a server that takes them. */
class TokensIT {
  private static ServerProcess server;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    var keys = folder.resolve("jwks.json");
    Files.writeString(keys, TestIssuer.keySet(TestIssuer.shared()));
    server =
        ServerProcess.start(
            "parley-tokens",
            Map.of(
                "PARLEY_JWT_JWKS",
                keys.toString(),
                "PARLEY_JWT_ISSUER",
                TestIssuer.ISSUER,
                "PARLEY_JWT_AUDIENCE",
                TestIssuer.AUDIENCE,
                "PARLEY_JWT_CLOCK_SKEW",
                "0s"));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static Peer anonymous() throws IOException {
    var wire = Wire.tls(server.mqttsPort(), ServerProcess.PKI.anonymousContext());
    return Peer.on(wire.connect().socket());
  }

  @Test
  @Tag("U11")
  void givenTokenAsPassword_whenItEnds_thenItsConnectionDoes() throws IOException {
    var token = TestIssuer.shared().token("pump-7", Instant.now().plusSeconds(4));
    try (var peer = anonymous()) {
      var connect = ConnectBytes.v5("token").userName("pump-7").password(token);
      assertThat(peer.connect(connect).reason()).isEqualTo(ReasonCode.SUCCESS);
      peer.publish("token/topic", "hello", 1);

      peer.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
    }
  }

  @Test
  void givenTokenOfAnotherIssuerOrUser_whenItIsThePassword_thenRefusedAndNotLogged()
      throws IOException {
    var end = Instant.now().plusSeconds(600);
    var forged = TestIssuer.ec("shared").token("pump-7", end);
    var others = TestIssuer.shared().token("pump-8", end);
    for (var token : List.of(forged, others)) {
      try (var peer = anonymous()) {
        peer.send(ConnectBytes.v5("token").userName("pump-7").password(token));
        peer.expectRefusal(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
      }
      try (var peer = anonymous()) {
        peer.send(ConnectBytes.v5("token").userName(token));
        peer.expectRefusal(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
      }
      assertThat(server.logged(token.substring(0, 30))).isZero();
    }
  }

  @Test
  void givenMosquitto_whenItsPasswordIsAToken_thenPublishedAndByAnotherIssuerNot()
      throws IOException {
    ClientProgram.require("mosquitto_pub", "mosquitto-clients");
    var end = Instant.now().plusSeconds(600);
    var good = TestIssuer.shared().token("pump-9", end);
    var bad = TestIssuer.ec("shared").token("pump-9", end);

    var _ = ClientProgram.run(publishing(good));
    assertThatThrownBy(() -> ClientProgram.run(publishing(bad))).isInstanceOf(AssertionError.class);
  }

  private static List<String> publishing(String token) {
    var command = new ArrayList<>(List.of("mosquitto_pub", "-V", "mqttv5", "-h", "localhost"));
    command.addAll(List.of("-p", Integer.toString(server.mqttsPort())));
    command.addAll(List.of("--cafile", ServerProcess.PKI.caPem().toString()));
    command.addAll(List.of("-u", "pump-9", "-P", token, "-t", "token/mosquitto", "-q", "1"));
    command.addAll(List.of("-m", "hello"));
    return command;
  }
}
