package org.parley.it;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.parley.it.Way.Transport;
import org.parley.it.Way.Version;
import org.parley.testing.Pkcs12;
import org.parley.testing.TestPki;

/** The client of HiveMQ, which speaks MQTT 5.0 and 3.1.1. */
class HiveMqClientIT extends ClientContract {
  static Stream<Way> ways() {
    return Stream.of(Version.V3_1_1, Version.V5)
        .flatMap(version -> Stream.of(Transport.values()).map(over -> new Way(version, over)));
  }

  @Override
  Subscriber subscribe(Way way, Subscription subscription) throws Exception {
    var relay = Relay.to(way.port());
    var builder = builder(way).serverPort(relay.port()).identifier(subscription.clientId());
    return way.is5()
        ? HiveMqV5.subscribe(builder.useMqttVersion5().buildBlocking(), relay, subscription)
        : HiveMqV3.subscribe(builder.useMqttVersion3().buildBlocking(), relay, subscription);
  }

  @Override
  void publish(Way way, ClientMessage message) throws Exception {
    var builder = builder(way).serverPort(way.port());
    if (way.is5()) {
      HiveMqV5.publish(builder.useMqttVersion5().buildBlocking(), message);
    } else {
      HiveMqV3.publish(builder.useMqttVersion3().buildBlocking(), message);
    }
  }

  private static MqttClientBuilder builder(Way way) throws GeneralSecurityException, IOException {
    var builder = MqttClient.builder().serverHost("localhost");
    if (way.encrypted()) {
      builder = builder.sslConfig(tls());
    }
    if (way.transport() == Transport.WSS) {
      builder = builder.webSocketConfig().serverPath("mqtt").applyWebSocketConfig();
    }
    return builder;
  }

  private static MqttClientSslConfig tls() throws GeneralSecurityException, IOException {
    var trusted = TrustManagerFactory.getInstance("PKIX");
    trusted.init(Pkcs12.trusting(PKI.authorities()));
    var password = TestPki.PASSWORD.toCharArray();
    var store = KeyStore.getInstance("PKCS12");
    store.load(
        new ByteArrayInputStream(PKI.client("hivemq-client").pkcs12(TestPki.PASSWORD)), password);
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, password);
    return MqttClientSslConfig.builder()
        .trustManagerFactory(trusted)
        .keyManagerFactory(keys)
        .build();
  }
}
