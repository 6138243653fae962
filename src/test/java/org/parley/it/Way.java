package org.parley.it;

/** How a client reaches the broker: a version of MQTT over a transport. */
record Way(Version version, Transport transport) {
  /** The versions of MQTT, oldest first. */
  enum Version {
    V3_1,
    V3_1_1,
    V5
  }

  /** What carries MQTT; TLS and WSS bring a client certificate. */
  enum Transport {
    TCP(ServerUnderTest.MQTT_PORT),
    TLS(ServerUnderTest.MQTTS_PORT),
    WSS(ServerUnderTest.HTTPS_PORT);

    private final int port;

    Transport(int port) {
      this.port = port;
    }

    /** Returns the port of the server under test. */
    int port() {
      return port;
    }
  }

  /** Whether it is MQTT 5.0. */
  boolean is5() {
    return version == Version.V5;
  }

  /** Whether the client shows its certificate. */
  boolean encrypted() {
    return transport != Transport.TCP;
  }

  int port() {
    return transport.port();
  }
}
