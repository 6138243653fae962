package org.parley.edge;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.parley.core.Lifecycle;
import org.parley.identity.Identification;
import org.parley.identity.IdentityRule;
import org.parley.identity.PeerPrincipal;
import org.parley.identity.RevocationCheck;
import org.parley.limit.ConnectionLimits;
import org.parley.limit.Excess;
import org.parley.pcp.broker.ControllerAvailability;
import org.parley.policy.Action;
import org.parley.policy.Bans;
import org.parley.policy.Decision;
import org.parley.policy.Policy;
import org.parley.policy.Subject;
import org.parley.session.ClientUri;

/**
 * Who gets a session: the checks on an opening handshake, in order, each answered before the
 * upgrade. A client refused after it would come back at once, without back-off.
 */
public final class Admission {
  /**
   * What is known of an opening handshake before the upgrade.
   *
   * @param rawPath as sent, without query and context path
   * @param upgrade whether it asks for a WebSocket
   * @param origin the {@code Origin} header
   * @param ownOrigin the origin of a page that we serve to the same address
   * @param chain the certificates that the peer sent in the TLS handshake, its own first
   * @param subprotocols that it offers, in its order
   */
  public record Handshake(
      String method,
      String rawPath,
      boolean upgrade,
      boolean secure,
      Optional<String> origin,
      String ownOrigin,
      List<X509Certificate> chain,
      String remoteAddress,
      List<String> subprotocols) {}

  /** What becomes of a handshake. */
  public sealed interface Outcome {
    /** It may be upgraded, under this path. */
    record Admitted(AdmittedPeer peer, String path) implements Outcome {}

    /** It may be upgraded for MQTT. */
    record AdmittedMqtt(AdmittedMqttPeer peer) implements Outcome {}

    /** It is for a page that anybody may see, and no opening handshake of a session. */
    record Page() implements Outcome {}

    /**
     * It is refused.
     *
     * @param detail one log-safe line, never sent to the peer
     * @param peer the common name; for a peer without one the detail
     * @param retryAfter when it is worth to try again; zero: nobody knows
     * @param rule of the policy that has denied it
     */
    record Refused(
        HandshakeRefusal refusal,
        String detail,
        String peer,
        Duration retryAfter,
        Optional<String> rule)
        implements Outcome {
      Refused(HandshakeRefusal refusal, String detail, String peer, Duration retryAfter) {
        this(refusal, detail, peer, retryAfter, Optional.empty());
      }

      /** Refuses a peer that has no name yet. */
      static Outcome of(HandshakeRefusal refusal, String detail) {
        return of(refusal, detail, detail);
      }

      /** Refuses a peer of this name. */
      static Outcome of(HandshakeRefusal refusal, String peer, String detail) {
        var retryAfter =
            switch (refusal) {
              case NOT_RUNNING, NO_CONTROLLER, REVOCATION_UNKNOWN -> A_WHILE;
              default -> Duration.ZERO;
            };
        return new Refused(refusal, detail, peer, retryAfter);
      }

      /** Refuses a peer of this name for a limit. */
      static Outcome of(Excess excess, String peer) {
        return new Refused(
            HandshakeRefusal.of(excess.limit()), excess.detail(), peer, excess.retryAfter());
      }
    }
  }

  static final Duration A_WHILE = Duration.ofSeconds(5);

  private final Lifecycle lifecycle;
  private final IdentityRule identityRule;
  private final RevocationCheck revocations;
  private final Policy policy;
  private final Bans bans;
  private final ConnectionLimits limits;
  private final ControllerAvailability controllers;
  private final List<String> origins;
  private final InstantSource clock;
  private final MqttAdmission mqtt;
  private final MqttAdmission mqttPorts;
  private final Map<HandshakeRefusal, LongAdder> refused = new EnumMap<>(HandshakeRefusal.class);

  /**
   * @param policy that knows the bans, too
   * @param bans for addresses, before anything is done for them
   * @param origins foreign web origins that are allowed
   */
  public Admission(
      Lifecycle lifecycle,
      IdentityRule identityRule,
      RevocationCheck revocations,
      Policy policy,
      Bans bans,
      ConnectionLimits limits,
      ControllerAvailability controllers,
      List<String> origins,
      InstantSource clock,
      MqttAdmission mqtt) {
    this.lifecycle = lifecycle;
    this.identityRule = identityRule;
    this.revocations = revocations;
    this.policy = policy;
    this.bans = bans;
    this.limits = limits;
    this.controllers = controllers;
    this.origins = origins;
    this.clock = clock;
    this.mqtt = mqtt;
    this.mqttPorts = mqtt.uncounted();
    for (var refusal : HandshakeRefusal.values()) {
      refused.put(refusal, new LongAdder());
    }
  }

  /** Decides one handshake on the server's own ports, and counts it if it is refused. */
  public Outcome decide(Handshake handshake) {
    return counted(
        switch (RequestTarget.of(handshake.rawPath)) {
          case RequestTarget.Unknown _ -> refuse(HandshakeRefusal.UNKNOWN_PATH, "unknown path");
          case RequestTarget.Malformed _ ->
              refuse(HandshakeRefusal.MALFORMED, "malformed client_type");
          case RequestTarget.Page _ -> new Outcome.Page();
          case RequestTarget.Pcp target ->
              opening(handshake, handshake.secure).orElseGet(() -> decide(handshake, target));
          case RequestTarget.Mqtt _ ->
              opening(handshake, handshake.secure || loopback(handshake))
                  .orElseGet(() -> mqtt.decide(handshake));
        });
  }

  /**
   * Decides one handshake on a port that has nothing but MQTT. Whether it is encrypted the operator
   * has decided, and how many there may be is the listener's limit.
   */
  Outcome decideMqtt(Handshake handshake) {
    return counted(
        RequestTarget.of(handshake.rawPath) instanceof RequestTarget.Mqtt
            ? opening(handshake, true).orElseGet(() -> mqttPorts.decide(handshake))
            : refuse(HandshakeRefusal.UNKNOWN_PATH, "unknown path"));
  }

  private Outcome counted(Outcome outcome) {
    if (outcome instanceof Outcome.Refused(var refusal, _, _, _, _)) {
      refused.getOrDefault(refusal, new LongAdder()).increment();
    }
    return outcome;
  }

  /**
   * Returns how many handshakes were refused since start, by reason; reasons never met left out.
   */
  public Map<HandshakeRefusal, Long> refused() {
    return refused.entrySet().stream()
        .filter(entry -> entry.getValue().sum() > 0)
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry -> entry.getValue().sum(),
                Long::sum,
                () -> new EnumMap<>(HandshakeRefusal.class)));
  }

  /** Returns how many handshakes were refused since start. */
  public long refusedInAll() {
    return refused.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** Returns the most sessions that are let in; 0 is unlimited. */
  public int maxConnections() {
    return limits.sessions().total();
  }

  /** Returns whether a client whose URI is not connected yet would be refused for the limit. */
  public boolean full() {
    return limits.full();
  }

  /** What every opening handshake must be; empty: it is. */
  private Optional<Outcome> opening(Handshake handshake, boolean trustedWay) {
    var ban = bans.ofAddress(handshake.remoteAddress);
    if (ban.isPresent()) {
      return Optional.of(refuse(HandshakeRefusal.BANNED, "its address is denied by " + ban.get()));
    }
    if (!handshake.method.equals("GET")) {
      return Optional.of(refuse(HandshakeRefusal.METHOD_NOT_ALLOWED, "method is not GET"));
    }
    if (!handshake.upgrade) {
      return Optional.of(refuse(HandshakeRefusal.UPGRADE_REQUIRED, "no upgrade asked for"));
    }
    if (!trustedWay) {
      return Optional.of(refuse(HandshakeRefusal.PLAINTEXT, "plain WebSocket"));
    }
    return handshake
        .origin
        .filter(origin -> foreign(origin, handshake))
        .map(_ -> refuse(HandshakeRefusal.FOREIGN_ORIGIN, "foreign origin"));
  }

  private static boolean loopback(Handshake handshake) {
    return InetAddress.ofLiteral(handshake.remoteAddress).isLoopbackAddress();
  }

  private Outcome decide(Handshake handshake, RequestTarget.Pcp target) {
    return switch (identityRule.identify(
        handshake.chain.toArray(X509Certificate[]::new), clock.instant())) {
      case Identification.Refused(_, var detail) -> refuse(HandshakeRefusal.NO_IDENTITY, detail);
      case Identification.Identified(var principal) -> decide(handshake, target, principal);
    };
  }

  private boolean foreign(String origin, Handshake handshake) {
    return !origin.equals(handshake.ownOrigin) && !origins.contains(origin);
  }

  private Outcome decide(Handshake handshake, RequestTarget.Pcp target, PeerPrincipal principal) {
    switch (revocations.check(principal.certificate())) {
      case REVOKED -> {
        return refuse(HandshakeRefusal.REVOKED, principal, principal + " is revoked");
      }
      case UNDECIDABLE -> {
        return refuse(
            HandshakeRefusal.REVOCATION_UNKNOWN,
            principal,
            principal + ": no valid CRL of its issuer");
      }
      case GOOD -> {}
    }
    var subject =
        Subject.pcp(
            principal, target.protocol().label(), target.clientType(), handshake.remoteAddress);
    if (policy.decide(new Action.Associate(subject)) instanceof Decision.Denied(var rule)) {
      return new Outcome.Refused(
          policy.ban(subject).isPresent() ? HandshakeRefusal.BANNED : HandshakeRefusal.DENIED,
          principal + " as " + target.clientType() + " denied by " + rule,
          principal.commonName(),
          Duration.ZERO,
          Optional.of(rule));
    }
    var uri = new ClientUri(principal.commonName(), target.clientType());
    if (!lifecycle.running()) {
      return refuse(HandshakeRefusal.NOT_RUNNING, principal, "broker is " + lifecycle.state());
    }
    if (!controllers.admits()) {
      return refuse(
          HandshakeRefusal.NO_CONTROLLER, principal, uri + ": no controller is connected");
    }
    var excess = limits.check(uri, handshake.remoteAddress);
    if (excess.isPresent()) {
      return Outcome.Refused.of(excess.get(), principal.commonName());
    }
    return new Outcome.Admitted(
        new AdmittedPeer(principal, uri, target.protocol(), handshake.remoteAddress),
        target.path());
  }

  private static Outcome refuse(HandshakeRefusal refusal, String detail) {
    return Outcome.Refused.of(refusal, detail);
  }

  private static Outcome refuse(HandshakeRefusal refusal, PeerPrincipal principal, String detail) {
    return Outcome.Refused.of(refusal, principal.commonName(), detail);
  }
}
