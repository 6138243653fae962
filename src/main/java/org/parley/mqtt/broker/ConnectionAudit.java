package org.parley.mqtt.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.parley.audit.AuditAction;
import org.parley.audit.AuditEvent;
import org.parley.audit.AuditLog;
import org.parley.audit.AuditPeer;
import org.parley.audit.AuditResult;
import org.parley.core.ByteWire;
import org.parley.identity.authentication.TokenForm;
import org.parley.mqtt.broker.Authentication.Verdict;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.Event;

/** What the audit log is told of one connection. Its owner calls. */
final class ConnectionAudit {
  private final AuditLog log;
  private final ByteWire.Peer peer;
  private final @Nullable Connect connect;
  private final Supplier<Optional<String>> identity;

  /**
   * @param connect null: it could not be read
   * @param identity what the peer has proved to be
   */
  ConnectionAudit(
      AuditLog log,
      ByteWire.Peer peer,
      @Nullable Connect connect,
      Supplier<Optional<String>> identity) {
    this.log = log;
    this.peer = peer;
    this.connect = connect;
    this.identity = identity;
  }

  /** CONNACK says yes. */
  void accepted(boolean sessionPresent) {
    log.record(
        event(AuditAction.CONNECT, AuditResult.ALLOWED, "")
            .with(sessionPresent ? "session present" : ""));
  }

  /** CONNACK says no, or would. */
  void refused(Verdict.Refused refused) {
    log.record(
        event(AuditAction.CONNECT, AuditResult.DENIED, label(refused.reason()))
            .deniedBy(refused.rule())
            .with(refused.detail()));
  }

  /** AUTH says so. */
  void reauthenticated(AuditResult result, ReasonCode reason) {
    log.record(event(AuditAction.REAUTHENTICATE, result, label(reason)));
  }

  void deniedPublish(String topic, Supplier<Optional<String>> rule) {
    denied(AuditAction.PUBLISH, topic, rule);
  }

  void deniedSubscribe(String filter, Supplier<Optional<String>> rule) {
    denied(AuditAction.SUBSCRIBE, filter, rule);
  }

  private void denied(AuditAction action, String object, Supplier<Optional<String>> rule) {
    log.record(
        event(action, AuditResult.DENIED, label(ReasonCode.NOT_AUTHORIZED)).about(object), rule);
  }

  /**
   * The connection has no session any more.
   *
   * @param side who has ended it
   */
  void ended(ReasonCode reason, String side) {
    log.record(event(AuditAction.DISCONNECT, AuditResult.DONE, label(reason)).with(side));
  }

  /** The connection has broken. */
  void lost() {
    log.record(event(AuditAction.DISCONNECT, AuditResult.DONE, "connection_lost"));
  }

  /** A will that may not be published, of a client that may be gone for long. */
  static void deniedWill(AuditLog log, Event.WillDue due) {
    var owner = due.owner();
    log.record(
        AuditEvent.of(AuditAction.PUBLISH, AuditResult.DENIED, label(ReasonCode.NOT_AUTHORIZED))
            .by(
                new AuditPeer(
                    owner.protocol(),
                    owner.transport(),
                    owner.remoteAddress(),
                    0,
                    owner.userName(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(due.id().clientId())))
            .about(due.will().topic().text())
            .with("will"));
  }

  private AuditEvent event(AuditAction action, AuditResult result, String reason) {
    var proved = identity.get();
    var said = Optional.ofNullable(connect);
    return AuditEvent.of(action, result, reason)
        .by(
            new AuditPeer(
                said.map(packet -> packet.version().label()).orElse("mqtt"),
                peer.transport(),
                peer.remoteAddress(),
                peer.remotePort(),
                proved,
                said.flatMap(Connect::userName)
                    .filter(name -> !proved.equals(Optional.of(name)))
                    .map(ConnectionAudit::withoutToken),
                AuditPeer.serial(peer.chain()),
                said.map(Connect::clientId).map(ConnectionAudit::withoutToken)));
  }

  /** A token in the wrong field is a secret all the same. */
  private static String withoutToken(String said) {
    return TokenForm.isToken(said.getBytes(UTF_8)) ? "a token" : said;
  }

  private static String label(ReasonCode reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }
}
