package org.parley.edge;

import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.parley.core.ByteWire;
import org.parley.core.Lifecycle;
import org.parley.edge.Admission.Handshake;
import org.parley.edge.Admission.Outcome;
import org.parley.edge.Admission.Outcome.Refused;
import org.parley.identity.Identification;
import org.parley.identity.IdentityRule;
import org.parley.identity.PeerPrincipal;
import org.parley.identity.RevocationCheck;
import org.parley.limit.ConnectionLimits;
import org.parley.policy.Bans;

/**
 * Who may open a WebSocket for MQTT. A client may log in by user name, and the policy asks for what
 * only its CONNECT says: so the broker has the last word, and here those are refused for whom it
 * would be no.
 */
final class MqttAdmission {
  /** The subprotocol of MQTT 3.1.1 and 5.0 [MQTT-6.0.0-3], and that of older clients. */
  private static final String SUBPROTOCOL = "mqtt";

  private static final String LEGACY_SUBPROTOCOL = "mqttv3.1";

  /**
   * What is configured.
   *
   * @param withoutCertificate whether a client that comes by TLS may have no certificate: there are
   *     users, or nobody needs to be one
   * @param legacySubprotocol whether {@code mqttv3.1} will do
   */
  record Rules(boolean withoutCertificate, boolean legacySubprotocol) {}

  private final Rules rules;
  private final Lifecycle lifecycle;
  private final IdentityRule identityRule;
  private final RevocationCheck revocations;
  private final Bans bans;
  private final ConnectionLimits limits;
  private final BooleanSupplier full;
  private final InstantSource clock;

  /**
   * @param full whether there are as many of these WebSockets as there may be
   */
  MqttAdmission(
      Rules rules,
      Lifecycle lifecycle,
      IdentityRule identityRule,
      RevocationCheck revocations,
      Bans bans,
      ConnectionLimits limits,
      BooleanSupplier full,
      InstantSource clock) {
    this.rules = rules;
    this.lifecycle = lifecycle;
    this.identityRule = identityRule;
    this.revocations = revocations;
    this.bans = bans;
    this.limits = limits;
    this.full = full;
    this.clock = clock;
  }

  /** Returns the same for a listener that counts its connections itself. */
  MqttAdmission uncounted() {
    return new MqttAdmission(
        rules, lifecycle, identityRule, revocations, bans, limits, () -> false, clock);
  }

  /** Decides a handshake that is well made, and comes by TLS or where none is asked for. */
  Outcome decide(Handshake handshake) {
    return subprotocol(handshake)
        .map(subprotocol -> decide(handshake, subprotocol))
        .orElseGet(() -> Refused.of(HandshakeRefusal.SUBPROTOCOL, "no subprotocol mqtt"));
  }

  private Optional<String> subprotocol(Handshake handshake) {
    return Stream.of(SUBPROTOCOL, LEGACY_SUBPROTOCOL)
        .limit(rules.legacySubprotocol ? 2 : 1)
        .filter(handshake.subprotocols()::contains)
        .findFirst();
  }

  private Outcome decide(Handshake handshake, String subprotocol) {
    if (handshake.chain().isEmpty()) {
      return handshake.secure() && !rules.withoutCertificate
          ? Refused.of(HandshakeRefusal.NO_IDENTITY, "no certificate")
          : admit(handshake, subprotocol, Optional.empty());
    }
    return switch (identityRule.identify(
        handshake.chain().toArray(X509Certificate[]::new), clock.instant())) {
      case Identification.Refused(_, var detail) ->
          Refused.of(HandshakeRefusal.NO_IDENTITY, detail);
      case Identification.Identified(var principal) -> decide(handshake, subprotocol, principal);
    };
  }

  private Outcome decide(Handshake handshake, String subprotocol, PeerPrincipal principal) {
    var name = principal.commonName();
    return switch (revocations.check(principal.certificate())) {
      case REVOKED -> Refused.of(HandshakeRefusal.REVOKED, name, principal + " is revoked");
      case UNDECIDABLE ->
          Refused.of(
              HandshakeRefusal.REVOCATION_UNKNOWN,
              name,
              principal + ": no valid CRL of its issuer");
      case GOOD ->
          bans.ofIdentity(name)
              .<Outcome>map(
                  ban -> Refused.of(HandshakeRefusal.BANNED, name, principal + " denied by " + ban))
              .orElseGet(() -> admit(handshake, subprotocol, Optional.of(name)));
    };
  }

  private Outcome admit(Handshake handshake, String subprotocol, Optional<String> commonName) {
    var name = commonName.orElse("anonymous");
    if (!lifecycle.running()) {
      return Refused.of(HandshakeRefusal.NOT_RUNNING, name, "broker is " + lifecycle.state());
    }
    if (full.getAsBoolean()) {
      return new Refused(
          HandshakeRefusal.CONNECTION_LIMIT, "too many WebSockets", name, Admission.A_WHILE);
    }
    var excess = limits.check(commonName, handshake.remoteAddress());
    if (excess.isPresent()) {
      return Refused.of(excess.get(), name);
    }
    return new Outcome.AdmittedMqtt(
        new AdmittedMqttPeer(
            new ByteWire.Peer(
                handshake.secure() ? "wss" : "ws", handshake.remoteAddress(), 0, handshake.chain()),
            subprotocol));
  }
}
