package org.parley.mqtt.state;

import java.time.Instant;
import java.util.Optional;
import org.parley.mqtt.packet.BinaryData;

/**
 * Who a session belongs to: what is asked about when its will is published later.
 *
 * @param certificate the client's own, DER; kept only with a will
 * @param userName as proved
 * @param tokenEnd when the token ends that has proved it; empty: something else has
 * @param protocol the label of what it speaks
 * @param transport what brought it: {@code tcp}, {@code tls}, {@code ws} or {@code wss}
 */
public record Owner(
    Optional<BinaryData> certificate,
    Optional<String> userName,
    Optional<Instant> tokenEnd,
    String protocol,
    String transport,
    String remoteAddress) {

  /** Of a client that has brought no token. */
  public Owner(
      Optional<BinaryData> certificate,
      Optional<String> userName,
      String protocol,
      String transport,
      String remoteAddress) {
    this(certificate, userName, Optional.empty(), protocol, transport, remoteAddress);
  }
}
