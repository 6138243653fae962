package org.parley.edge;

import java.util.Locale;

/** Why a request gets no session; each is answered before the upgrade, by status and one phrase. */
public enum HandshakeRefusal {
  MALFORMED(400, "Malformed request."),
  NO_IDENTITY(401, "A client certificate with one usable common name is required."),
  REVOKED(401, "The client certificate is revoked."),
  DENIED(403, "Association denied."),
  PLAINTEXT(403, "TLS is required."),
  FOREIGN_ORIGIN(403, "This origin is not allowed."),
  UNKNOWN_PATH(404, "Not found."),
  METHOD_NOT_ALLOWED(405, "Use GET."),
  UPGRADE_REQUIRED(426, "Use a WebSocket."),
  CONNECTION_LIMIT(503, "Connection limit exceeded."),
  REVOCATION_UNKNOWN(503, "Revocation cannot be checked now."),
  NO_CONTROLLER(503, "No controller is connected."),
  NOT_RUNNING(503, "Broker is not running.");

  private final int status;
  private final String phrase;

  HandshakeRefusal(int status, String phrase) {
    this.status = status;
    this.phrase = phrase;
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
