package org.parley.fault;

/** What carries MQTT. */
enum Transport {
  TCP,
  TLS,
  WSS;

  /** Takes turns. */
  static Transport of(int number) {
    return values()[number % values().length];
  }
}
