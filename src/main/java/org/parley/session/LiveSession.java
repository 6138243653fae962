package org.parley.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What operators see of one session that has a connection, whatever it speaks, at one moment.
 *
 * @param name the URI by PCP, the Client Identifier by MQTT; a peer has chosen it
 * @param identity what the peer has proved to be: the name in its certificate, or else its user
 *     name; empty if it has proved nothing
 * @param transport {@code tcp}, {@code tls}, {@code ws} or {@code wss}
 * @param connectedSince when the connection had the session
 * @param silence how long nothing has come in
 * @param queueDepth messages that wait for the peer, or for its acknowledgement
 * @param inFlight those of them that were sent and are not acknowledged; 0 by PCP
 */
public record LiveSession(
    String name,
    Optional<String> identity,
    Protocol protocol,
    String transport,
    String remoteAddress,
    Instant connectedSince,
    Duration silence,
    int queueDepth,
    int inFlight) {

  /** Returns what is to be seen of a PCP session. */
  public static LiveSession of(ClientSession session) {
    var wire = session.connection().wire();
    return new LiveSession(
        session.uri().toString(),
        Optional.of(session.principal().commonName()),
        session.protocol(),
        "wss",
        wire.remoteAddress(),
        wire.connectedSince(),
        wire.silence(),
        wire.queueDepth(),
        0);
  }
}
