package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.parley.core.ByteWire;
import org.parley.edge.settings.Configuration;

/** Where nobody needs to be somebody, by the settings: only where nobody else can come. */
class AnonymousAccessTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, , tcp, true",
    "127.0.0.1, , ws, true",
    "::1, , ws, true",
    "127.0.0.1, , wss, false",
    "127.0.0.1, , tls, false",
    "*, , tcp, false",
    "*, , ws, false",
    "0.0.0.0, , ws, false",
    "192.0.2.1, , ws, false",
    "*, true, wss, true",
    "127.0.0.1, false, tcp, false"
  })
  void givenHostOfThePlainListeners_whenAnybodyComesFromThisMachine_thenLetInIfNobodyElseCanCome(
      String host, String allowed, String transport, boolean expected) {
    var properties = new HashMap<String, String>();
    properties.put("parley.mqtt.host", host);
    if (allowed != null) {
      properties.put("parley.mqtt.allow-anonymous", allowed);
    }
    var configuration =
        Configuration.read(properties.keySet(), key -> Optional.ofNullable(properties.get(key)));

    var access = MqttBrokerBeans.anonymousAccess(configuration);

    assertThat(access.allowed(new ByteWire.Peer(transport, "127.0.0.6", 1, List.of())))
        .isEqualTo(expected);
  }
}
