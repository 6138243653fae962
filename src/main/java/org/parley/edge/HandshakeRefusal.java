package org.parley.edge;

import java.util.Locale;
import org.parley.limit.Excess;

/** Why a request gets no session; each is answered before the upgrade, by status and one phrase. */
public enum HandshakeRefusal {
  MALFORMED(400, "Malformed request."),
  SUBPROTOCOL(400, "Offer the WebSocket subprotocol mqtt."),
  NO_IDENTITY(401, "A client certificate with one usable common name is required."),
  REVOKED(401, "The client certificate is revoked."),
  BANNED(403, "Banned."),
  DENIED(403, "Association denied."),
  PLAINTEXT(403, "TLS is required."),
  FOREIGN_ORIGIN(403, "This origin is not allowed."),
  UNKNOWN_PATH(404, "Not found."),
  METHOD_NOT_ALLOWED(405, "Use GET."),
  UPGRADE_REQUIRED(426, "Use a WebSocket."),
  DUEL(429, "This URI is taken over too often."),
  FLAPPING(429, "This URI comes and goes too often."),
  IDENTITY_RATE(429, "This identity connects too often."),
  ADDRESS_RATE(429, "This address connects too often."),
  CONNECTION_RATE(429, "Too many clients connect."),
  CONNECTION_LIMIT(503, "Connection limit exceeded."),
  IDENTITY_LIMIT(503, "Connection limit of this identity exceeded."),
  ADDRESS_LIMIT(503, "Connection limit of this address exceeded."),
  MEMORY(503, "Broker is busy."),
  REVOCATION_UNKNOWN(503, "Revocation cannot be checked now."),
  NO_CONTROLLER(503, "No controller is connected."),
  NOT_RUNNING(503, "Broker is not running.");

  private final int status;
  private final String phrase;

  HandshakeRefusal(int status, String phrase) {
    this.status = status;
    this.phrase = phrase;
  }

  /** Returns what stands for a limit. */
  static HandshakeRefusal of(Excess.Limit limit) {
    return switch (limit) {
      case CONNECTIONS -> CONNECTION_LIMIT;
      case IDENTITY_CONNECTIONS -> IDENTITY_LIMIT;
      case ADDRESS_CONNECTIONS -> ADDRESS_LIMIT;
      case RATE -> CONNECTION_RATE;
      case IDENTITY_RATE -> IDENTITY_RATE;
      case ADDRESS_RATE, LOGINS -> ADDRESS_RATE;
      case DUEL -> DUEL;
      case FLAPPING -> FLAPPING;
      case MEMORY -> MEMORY;
    };
  }

  /** Returns the HTTP status. */
  public int status() {
    return status;
  }

  /** Returns the name used in health data and metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the body of the answer: a fixed text without anything of the request in it. */
  public String phrase() {
    return phrase;
  }
}
