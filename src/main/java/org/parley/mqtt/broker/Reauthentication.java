package org.parley.mqtt.broker;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.parley.audit.AuditResult;
import org.parley.mqtt.broker.Authentication.Exchange;
import org.parley.mqtt.broker.Authentication.Verdict;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.packet.Auth;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.ProblemInformation;
import org.parley.mqtt.packet.ReasonCode;

/** AUTH after CONNACK, MQTT 5.0 section 4.12.1. Other packets go on with the former identity. */
final class Reauthentication {
  private final MqttConnection connection;
  private final MqttBroker broker;
  private final Connect connect;
  private final Access access;
  private final ConnectionAudit audit;
  private @Nullable Exchange running;
  private boolean waiting;
  private int rounds;

  Reauthentication(
      MqttConnection connection,
      MqttBroker broker,
      Connect connect,
      Access access,
      ConnectionAudit audit) {
    this.connection = connection;
    this.broker = broker;
    this.connect = connect;
    this.access = access;
    this.audit = audit;
  }

  void packet(Auth auth) {
    boolean begins = auth.reason() == ReasonCode.REAUTHENTICATE;
    if (!connect.properties().authenticationMethod().equals(Optional.of(auth.method()))
        || begins == (running != null)
        || waiting
        || ++rounds > connection.options().authenticationRounds()) {
      connection.end(ReasonCode.PROTOCOL_ERROR);
      return;
    }
    var exchange = running;
    if (exchange == null) {
      exchange = broker.authentication().again(connection.peer(), connect);
      running = exchange;
    }
    waiting = true;
    exchange.step(auth.data(), verdict -> connection.post((Runnable) () -> judged(verdict)));
  }

  private void judged(Verdict verdict) {
    waiting = false;
    switch (verdict) {
      case Verdict.Challenged(var data) -> answer(ReasonCode.CONTINUE_AUTHENTICATION, data);
      case Verdict.Refused(var reason, _, _) -> fail(reason);
      case Verdict.Admitted peer when !isSame(peer) -> fail(ReasonCode.NOT_AUTHORIZED);
      case Verdict.Admitted peer -> {
        running = null;
        rounds = 0;
        access.renew(peer);
        audit.reauthenticated(AuditResult.ALLOWED, ReasonCode.SUCCESS);
        answer(ReasonCode.SUCCESS, peer.data());
        connection.tell(Phase::rightsChanged);
      }
    }
  }

  private boolean isSame(Verdict.Admitted peer) {
    return peer.owner().userName().equals(access.owner().userName())
        && peer.owner().certificate().equals(access.owner().certificate());
  }

  private void fail(ReasonCode reason) {
    audit.reauthenticated(AuditResult.DENIED, reason);
    broker.counters().count(Count.AUTHENTICATION_FAILURES);
    connection.end(ReasonCode.NOT_AUTHORIZED); // [MQTT-4.12.1-2]
  }

  private void answer(ReasonCode reason, Optional<BinaryData> data) {
    connection.send(
        new Auth(
            reason,
            connect.properties().authenticationMethod().orElseThrow(),
            data,
            ProblemInformation.NONE));
  }
}
