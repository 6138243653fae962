package org.parley.audit;

import java.util.Locale;

/** What was done, or was to be done. */
public enum AuditAction {
  /** A session: CONNECT of MQTT, an opening handshake or an association of PCP. */
  CONNECT,
  /** The connection of a session has ended. */
  DISCONNECT,
  /** AUTH after CONNACK, MQTT 5.0 section 4.12.1. */
  REAUTHENTICATE,
  /** An MQTT message, a will too. */
  PUBLISH,
  /** A Topic Filter of MQTT. */
  SUBSCRIBE,
  /** A PCP message. */
  SEND,
  /** A file that the operator has changed. */
  RELOAD,
  /** The broker lets peers in. */
  START,
  /** The broker stops. */
  STOP,
  /** What was denied to more peers than are told apart. */
  OTHERS;

  /** Returns the name used in the log. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
