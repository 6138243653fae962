package org.parley.fault;

import javax.net.ssl.SSLContext;
import org.parley.testing.ClientIdentity;
import org.parley.testing.TestPki;

/** Where the broker listens, and the certificates. */
record Site(TestPki pki, int httpsPort, int httpPort, int mqttPort, int mqttsPort) {
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
    };
  }
}
