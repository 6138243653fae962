package org.parley.fault;

/** What carries MQTT. */
enum Transport {
  TCP,
  TLS,
  /** On the server's own port. */
  WSS,
  /** On a port of its own. */
  WSS_OF_MQTT;

  /** Takes turns. */
  static Transport of(int number) {
    return values()[number % values().length];
  }
}
