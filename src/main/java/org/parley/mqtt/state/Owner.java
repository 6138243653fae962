package org.parley.mqtt.state;

import java.time.Instant;
import java.util.Optional;
import org.parley.mqtt.packet.BinaryData;

/**
 * Who a session belongs to, or has published a retained message: what is asked about when the will
 * is published later, or the message delivered. All but the Client Identifier that a policy asks
 * for.
 *
 * @param certificate the client's own, DER; of a session kept only with a will
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

  /** What one costs beside its certificate and texts, about. */
  private static final int OVERHEAD = 128;

  /** Returns about how many bytes it holds. */
  public long sizeBytes() {
    return OVERHEAD
        + certificate.map(BinaryData::length).orElse(0)
        + 2L * userName.map(String::length).orElse(0)
        + 2L * remoteAddress.length();
  }

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
