package org.parley.mqtt.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.parley.core.LogText;
import org.parley.mqtt.broker.Authentication.Exchange;
import org.parley.mqtt.broker.Authentication.Verdict;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.codec.Decoded;
import org.parley.mqtt.codec.PacketDecoder;
import org.parley.mqtt.packet.Auth;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.Disconnect;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProblemInformation;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Will;
import org.parley.mqtt.state.Command;
import org.parley.mqtt.state.Delivery;
import org.parley.mqtt.state.Event;

/**
 * From the opening of the wire to CONNACK, MQTT 5.0 sections 3.1.4 and 4.12. While something is
 * found out, no packet is handled. A CONNECT that is refused has changed nothing.
 */
final class Greeting implements Phase {
  private final MqttConnection connection;
  private final MqttBroker broker;
  private final PacketDecoder decoder;
  private final List<Object> early = new ArrayList<>(0);
  private @Nullable Connect connect;
  private @Nullable Exchange exchange;
  private Verdict.@Nullable Admitted admitted;
  private @Nullable Runnable successor;
  private boolean assigned;
  private @Nullable ReasonCode dismissed;
  private int rounds;

  Greeting(MqttConnection connection, MqttBroker broker, PacketDecoder decoder) {
    this.connection = connection;
    this.broker = broker;
    this.decoder = decoder;
  }

  @Override
  public void packet(Packet packet) {
    if (packet instanceof Connect first && connect == null) {
      connected(first);
    } else if (packet instanceof Auth auth && exchange != null) {
      authenticated(auth);
    } else if (packet instanceof Disconnect || exchange == null) {
      connection.abort(); // nobody, or nobody any more
    } else {
      refuse(ReasonCode.PROTOCOL_ERROR);
    }
  }

  @Override
  public void rejected(Decoded.Rejected rejected) {
    decoder
        .version()
        .ifPresent(version -> connection.output().agree(version, Long.MAX_VALUE, true));
    var reason = rejected.reason();
    if (rejected.answer() == Decoded.Answer.CONNACK || exchange != null) {
      // What may not even stand here can be wrong in a way that CONNACK has no code for.
      refuse(reason.mayStandIn(ReasonCode.Place.CONNACK) ? reason : ReasonCode.PROTOCOL_ERROR);
    } else {
      broker.counters().refused(reason);
      connection.abort();
    }
  }

  private void connected(Connect packet) {
    var properties = packet.properties();
    connection
        .output()
        .agree(
            packet.version(),
            properties.maximumPacketSize().orElse(Long.MAX_VALUE),
            properties.requestProblemInformation());
    connect = packet;
    var refusal =
        broker.accepts()
            ? ConnectCheck.refusal(packet, connection.options())
            : ReasonCode.SERVER_UNAVAILABLE;
    if (refusal != null) {
      refuse(refusal);
      return;
    }
    if (packet.clientId().isEmpty()) {
      assigned = true;
      packet = withClientId(packet, broker.newClientId());
      connect = packet;
    }
    exchange = broker.authentication().begin(connection.peer(), packet);
    step(properties.authenticationData());
  }

  private static Connect withClientId(Connect packet, String clientId) {
    return new Connect(
        packet.version(),
        packet.cleanStart(),
        packet.keepAlive(),
        packet.properties(),
        clientId,
        packet.will(),
        packet.userName(),
        packet.password());
  }

  private void authenticated(Auth auth) {
    var method = connect().properties().authenticationMethod();
    if (auth.reason() != ReasonCode.CONTINUE_AUTHENTICATION
        || !method.equals(Optional.of(auth.method()))
        || ++rounds > connection.options().authenticationRounds()) {
      refuse(ReasonCode.PROTOCOL_ERROR);
    } else {
      step(auth.data());
    }
  }

  private void step(Optional<BinaryData> data) {
    connection.hold();
    var going = exchange;
    if (going != null) {
      going.step(data, verdict -> connection.post((Runnable) () -> judged(verdict)));
    }
  }

  private void judged(Verdict verdict) {
    if (verdict instanceof Verdict.Admitted peer) {
      connection.admitted(peer);
    }
    if (connection.isGone()) {
      return; // it was dismissed meanwhile
    }
    switch (verdict) {
      case Verdict.Refused refused -> {
        if (isFailedLogin(refused.reason())) {
          broker.counters().count(Count.AUTHENTICATION_FAILURES);
        }
        refuse(refused, Optional.empty());
      }
      case Verdict.Challenged(var data) -> {
        connection.send(
            new Auth(
                ReasonCode.CONTINUE_AUTHENTICATION,
                connect().properties().authenticationMethod().orElseThrow(),
                data,
                ProblemInformation.NONE));
        connection.proceed();
      }
      case Verdict.Admitted peer -> admit(peer);
    }
  }

  private static boolean isFailedLogin(ReasonCode reason) {
    return switch (reason) {
      case SERVER_BUSY, UNSPECIFIED_ERROR, CONNECTION_RATE_EXCEEDED, QUOTA_EXCEEDED -> false;
      default -> true;
    };
  }

  private void admit(Verdict.Admitted peer) {
    var packet = connect();
    var will = packet.will();
    if (will.isPresent() && !mayPublish(peer, will.get())) {
      return;
    }
    if (!connection.output().takes(accepted(packet, peer, false))) {
      refuse(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR); // it could not be told [MQTT-3.1.2-24]
      return;
    }
    admitted = peer;
    connection.silence().limit(0);
    broker.submit(
        new Command.Attach(
            packet.clientId(),
            connection.id(),
            packet.cleanStart(),
            expiry(),
            receiveMaximum(),
            peer.owner(),
            will));
    if (broker.logHasFailed()) {
      logFailed(); // it was not heard of
    }
  }

  private boolean mayPublish(Verdict.Admitted peer, Will will) {
    var topic = will.topic().text();
    if (peer.authorization().mayPublish(topic, will.retain())) {
      return true;
    }
    broker.counters().count(Count.NOT_AUTHORIZED);
    var rule = peer.authorization().ruleAgainstPublish(topic, will.retain());
    refuse(
        new Verdict.Refused(ReasonCode.NOT_AUTHORIZED, rule, "will to " + LogText.escape(topic)),
        peer.authorization().identity());
    return false;
  }

  /** The session that this connection may be waiting for will never be told. */
  @Override
  public void logFailed() {
    if (connect == null) {
      connection.abort();
    } else {
      refuse(ReasonCode.SERVER_UNAVAILABLE);
    }
  }

  /** Returns the Session Expiry Interval that holds; before 5.0 a session has no end of its own. */
  private long expiry() {
    var packet = connect();
    long asked =
        packet.version().hasProperties()
            ? packet.properties().sessionExpiry().orElse(0)
            : packet.cleanStart() ? 0 : Command.Attach.NEVER;
    return Math.min(asked, connection.options().maximumSessionExpiry());
  }

  private int receiveMaximum() {
    return Math.min(connect().properties().receiveMaximum(), connection.options().receiveMaximum());
  }

  private Connect connect() {
    var packet = connect;
    if (packet == null) {
      throw new IllegalStateException("no CONNECT yet");
    }
    return packet;
  }

  @Override
  public void event(Event event) {
    switch (event) {
      case Event.Attached attached -> attached(attached);
      case Event.AttachRefused(var _, var reason) -> refuse(reason);
      default -> early.add(event);
    }
  }

  private void attached(Event.Attached attached) {
    try {
      converse(attached);
    } finally {
      if (successor != null) {
        successor.run();
      }
    }
  }

  private void converse(Event.Attached attached) {
    var peer = admitted;
    if (peer == null) {
      throw new IllegalStateException("attached without being admitted");
    }
    var packet = connect();
    var conversation = new Conversation(connection, broker, packet, peer, attached);
    connection.enter(conversation);
    broker.counters().count(Count.CONNECTS_ACCEPTED);
    connection.send(accepted(packet, peer, attached.sessionPresent()));
    conversation.begin(attached);
    for (var item : early) {
      if (connection.conversation() != conversation) {
        break; // it has ended meanwhile
      }
      if (item instanceof Event event) {
        conversation.event(event);
      } else if (item instanceof Delivery delivery) {
        conversation.deliver(delivery);
      }
    }
    if (dismissed != null) {
      connection.end(dismissed);
    }
    connection.proceed();
  }

  /** That this connection has, or had, the session may be on its way: the next one waits. */
  @Override
  public void succeeded(Runnable next) {
    if (admitted == null) {
      next.run();
    } else {
      successor = next;
    }
  }

  private Connack accepted(Connect packet, Verdict.Admitted peer, boolean sessionPresent) {
    return new Connack(sessionPresent, ReasonCode.SUCCESS, properties(packet, peer));
  }

  private Connack.Properties properties(Connect packet, Verdict.Admitted peer) {
    var options = connection.options();
    var asked = packet.properties();
    long expiry = expiry();
    int keepAlive = KeepAlive.effective(packet, options);
    return new Connack.Properties(
        expiry == asked.sessionExpiry().orElse(0) ? OptionalLong.empty() : OptionalLong.of(expiry),
        options.receiveMaximum() < 65_535
            ? OptionalInt.of(options.receiveMaximum())
            : OptionalInt.empty(),
        options.maximumQos() < 2 ? OptionalInt.of(options.maximumQos()) : OptionalInt.empty(),
        onlyIfNot(options.retainAvailable()),
        OptionalLong.of(options.maximumPacketSize()),
        assigned ? Optional.of(packet.clientId()) : Optional.empty(),
        options.topicAliasMaximum(),
        Optional.empty(),
        List.of(),
        onlyIfNot(options.wildcardAvailable()),
        onlyIfNot(options.subscriptionIdsAvailable()),
        onlyIfNot(options.sharedAvailable()),
        keepAlive == packet.keepAlive() ? OptionalInt.empty() : OptionalInt.of(keepAlive),
        asked.requestResponseInformation() && !options.responsePrefix().isEmpty()
            ? Optional.of(options.responsePrefix() + packet.clientId() + "/")
            : Optional.empty(),
        Optional.empty(),
        asked.authenticationMethod(),
        asked.authenticationMethod().isPresent() ? peer.data() : Optional.empty());
  }

  private static Optional<Boolean> onlyIfNot(boolean available) {
    return available ? Optional.empty() : Optional.of(false);
  }

  private void refuse(ReasonCode reason) {
    var peer = admitted;
    refuse(
        new Verdict.Refused(reason),
        peer == null ? Optional.empty() : peer.authorization().identity());
  }

  private void refuse(Verdict.Refused refused, Optional<String> identity) {
    var reason = refused.reason();
    new ConnectionAudit(broker.audit(), connection.peer(), connect, () -> identity)
        .refused(refused);
    broker.counters().refused(reason);
    if (connection.trySend(Connack.refused(reason))) {
      connection.finish();
    } else {
      connection.abort(); // no return code says it, or the peer does not take it
    }
  }

  @Override
  public void deliver(Delivery delivery) {
    early.add(delivery);
  }

  @Override
  public void pump() {}

  @Override
  public void late() {
    connection.counters().count(Count.CONNECT_TIMEOUTS);
    connection.abort();
  }

  @Override
  public void rightsChanged() {} // what was decided a moment ago is asked again by the session

  @Override
  public void lost() {
    connection.abort();
  }

  @Override
  public void dismiss(ReasonCode reason) {
    if (admitted != null) {
      dismissed = reason; // its session is on its way
    } else if (connect == null) {
      connection.abort();
    } else {
      refuse(reason.mayStandIn(ReasonCode.Place.CONNACK) ? reason : ReasonCode.SERVER_UNAVAILABLE);
    }
  }
}
