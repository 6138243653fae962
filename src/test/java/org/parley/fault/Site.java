package org.parley.fault;

import java.util.Map;
import javax.net.ssl.SSLContext;
import org.parley.testing.ClientIdentity;
import org.parley.testing.FreePorts;
import org.parley.testing.TestPki;

/** Where the broker listens, and the certificates. */
record Site(
    TestPki pki,
    int httpsPort,
    int httpPort,
    int mqttPort,
    int mqttsPort,
    int wsPort,
    int wssPort) {
  /** Returns one on ports that nobody has. */
  static Site onFreePorts(TestPki pki) {
    return new Site(
        pki,
        FreePorts.take(),
        FreePorts.take(),
        FreePorts.take(),
        FreePorts.take(),
        FreePorts.take(),
        FreePorts.take());
  }

  /** Returns the ports as environment variables of the broker. */
  Map<String, String> environment() {
    return Map.of(
        "PARLEY_HTTPS_PORT", Integer.toString(httpsPort),
        "PARLEY_HTTP_PORT", Integer.toString(httpPort),
        "PARLEY_MQTT_PORT", Integer.toString(mqttPort),
        "PARLEY_MQTTS_PORT", Integer.toString(mqttsPort),
        "PARLEY_MQTT_WS_PORT", Integer.toString(wsPort),
        "PARLEY_MQTT_WSS_PORT", Integer.toString(wssPort));
  }

  SSLContext tls(String commonName) {
    return pki.sslContext(client(commonName));
  }

  ClientIdentity client(String commonName) {
    return pki.client(commonName);
  }

  int port(Transport transport) {
    return switch (transport) {
      case TCP -> mqttPort;
      case TLS -> mqttsPort;
      case WSS -> httpsPort;
      case WSS_OF_MQTT -> wssPort;
    };
  }
}
