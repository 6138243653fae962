package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;

/** Nobody new while memory is nearly full, and for a while none who come and go without end. */
class KeptOutTest extends LimitedBroker {

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void givenClientThatComesAndGoes_whenItIsOverTheRate_thenBannedForAWhile(
      ProtocolVersion version) {
    flapping = ONE_A_SECOND;
    try (var broker = start()) {
      var connect = ConnectBytes.of(version, "c").userName("ada").password("x");
      for (int i = 0; i < 3; i++) {
        assertThat(connect(broker, connect)).isEqualTo(ReasonCode.SUCCESS);
      }

      try (var peer = Peer.open(broker)) {
        peer.send(connect);
        peer.expectRefusal(
            version == ProtocolVersion.V5 ? ReasonCode.BANNED : ReasonCode.NOT_AUTHORIZED);
      }
      clock.advance(Duration.ofMinutes(5));
      assertThat(connect(broker, connect)).isEqualTo(ReasonCode.SUCCESS);
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Tag("D26")
  void givenMemoryThatIsNearlyFull_whenAClientConnects_thenBusyAndThoseWhoAreConnectedStay(
      ProtocolVersion version) {
    try (var broker = start();
        var old = Peer.connected(broker, "old")) {
      broker.access().whenConnecting = asked::incrementAndGet;
      memory = 0.95;
      shedding.look();

      try (var late = Peer.open(broker)) {
        late.send(ConnectBytes.of(version, "new").userName("ada").password("x"));
        late.expectRefusal(
            version == ProtocolVersion.V5 ? ReasonCode.SERVER_BUSY : ReasonCode.SERVER_UNAVAILABLE);
      }
      assertThat(asked).as("passwords looked at").hasValue(0);
      old.subscribe("t", 0);
      old.publish("t", "still here");
      assertThat(old.nextText()).isEqualTo("still here");

      memory = 0.9;
      shedding.look();
      assertThat(connect(broker, ConnectBytes.of(version, "new"))).isEqualTo(SUCCESS);
      assertThat(shedding.refused()).isOne();
    }
  }

  /** Only what a client has proved counts against it. */
  @Test
  void givenClientThatComesAndGoesAsAnother_whenThatOneConnects_thenOnlyTheOneThatDidSoIsBanned() {
    flapping = ONE_A_SECOND;
    try (var broker = start()) {
      broker.access().passwords.put("ada", "secret");
      for (int i = 0; i < 10; i++) {
        assertThat(login(broker, "ada", "guess")).isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        assertThat(connect(broker, ConnectBytes.v5("c"))).as("anonymous").isEqualTo(SUCCESS);
      }
      for (int i = 0; i < 3; i++) {
        assertThat(login(broker, "eve", "x")).isEqualTo(SUCCESS);
      }

      assertThat(login(broker, "eve", "x")).isEqualTo(ReasonCode.BANNED);
      assertThat(login(broker, "ada", "secret")).isEqualTo(SUCCESS);
      assertThat(connect(broker, ConnectBytes.v5("d").userName("eve").password("x")))
          .as("with another Client Identifier")
          .isEqualTo(SUCCESS);
    }
  }
}
