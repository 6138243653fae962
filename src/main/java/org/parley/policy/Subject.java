package org.parley.policy;

import java.util.Optional;
import org.parley.identity.PeerPrincipal;

/**
 * Who asks: a peer, and what it asks by. All of it is proved or was seen by the broker, but the
 * Client Identifier, which the peer chose.
 *
 * @param principal what its certificate says; empty if it has none
 * @param userName that a password or an Authentication Method has proved; empty if none did
 * @param protocol the label of what it speaks, such as {@code pcp-v2} or {@code mqtt-v5}
 * @param transport what brings it: {@code tcp}, {@code tls}, {@code ws} or {@code wss}
 * @param clientType of its session, by PCP
 * @param clientId its Client Identifier, by MQTT; of a client that gave none, the assigned one
 * @param remoteAddress its IP address as text
 */
public record Subject(
    Optional<PeerPrincipal> principal,
    Optional<String> userName,
    String protocol,
    String transport,
    Optional<String> clientType,
    Optional<String> clientId,
    String remoteAddress) {

  /** A peer that speaks PCP, always with a certificate and over {@code wss}. */
  public static Subject pcp(
      PeerPrincipal principal, String protocol, String clientType, String remoteAddress) {
    return new Subject(
        Optional.of(principal),
        Optional.empty(),
        protocol,
        "wss",
        Optional.of(clientType),
        Optional.empty(),
        remoteAddress);
  }

  /** A peer that speaks MQTT. */
  public static Subject mqtt(
      Optional<PeerPrincipal> principal,
      Optional<String> userName,
      String protocol,
      String transport,
      String clientId,
      String remoteAddress) {
    return new Subject(
        principal,
        userName,
        protocol,
        transport,
        Optional.empty(),
        Optional.of(clientId),
        remoteAddress);
  }

  /** Returns the name that its certificate identifies it by. */
  public Optional<String> commonName() {
    return principal.map(PeerPrincipal::commonName);
  }

  /** Returns whether neither a certificate nor a user name says who it is. */
  public boolean anonymous() {
    return principal.isEmpty() && userName.isEmpty();
  }

  /** Returns whether it is a session of this client_type, as it is spelled. */
  boolean isOfType(String type) {
    return clientType.isPresent() && clientType.get().equals(type);
  }
}
