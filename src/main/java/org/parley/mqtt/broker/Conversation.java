package org.parley.mqtt.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.broker.Authentication.Verdict;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.codec.Decoded;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.Acknowledgement.Pubrel;
import org.parley.mqtt.packet.Auth;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.Disconnect;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.Pingreq;
import org.parley.mqtt.packet.Pingresp;
import org.parley.mqtt.packet.ProblemInformation;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Suback;
import org.parley.mqtt.packet.Subscribe;
import org.parley.mqtt.packet.Unsuback;
import org.parley.mqtt.packet.Unsubscribe;
import org.parley.mqtt.state.Command;
import org.parley.mqtt.state.Delivery;
import org.parley.mqtt.state.Event;
import org.parley.mqtt.state.Session;
import org.parley.session.LiveSession;
import org.parley.session.Protocol;

/** A connection with its session: from CONNACK to the end, MQTT 5.0 section 4. */
final class Conversation implements Phase {
  private static final String BY_BROKER = "by the broker";

  private final MqttConnection connection;
  private final MqttBroker broker;
  private final Connect connect;
  private final Session session;
  private final long epoch;
  private final long sinceMillis;
  private final Access access;
  private final ConnectionAudit audit;
  private final Deliveries deliveries;
  private final Publications publications;
  private final Subscribing subscribing;

  /** Made when it is asked for. */
  private @Nullable Reauthentication reauthentication;

  Conversation(
      MqttConnection connection,
      MqttBroker broker,
      Connect connect,
      Verdict.Admitted peer,
      Event.Attached attached) {
    this.connection = connection;
    this.broker = broker;
    this.connect = connect;
    this.session = attached.session();
    this.epoch = attached.epoch();
    this.sinceMillis = broker.timeOfDay().toEpochMilli();
    this.access = new Access(peer);
    this.audit = new ConnectionAudit(broker.audit(), connection.peer(), connect, access::identity);
    var options = broker.options();
    this.deliveries =
        new Deliveries(
            connection,
            broker,
            access,
            session,
            epoch,
            attached.sentBefore(),
            Math.min(connect.properties().receiveMaximum(), options.receiveMaximum()),
            Math.min(connect.properties().topicAliasMaximum(), options.topicAliasMaximum()));
    this.publications =
        new Publications(connection, broker, access, audit, session, epoch, attached.inbound());
    this.subscribing =
        new Subscribing(
            connection,
            broker,
            access,
            audit,
            deliveries,
            session,
            epoch,
            attached.subscriptions());
  }

  /** CONNACK was written: what the session holds follows. */
  void begin(Event.Attached attached) {
    audit.accepted(attached.sessionPresent());
    connection
        .silence()
        .limit(KeepAlive.silenceLimit(KeepAlive.effective(connect, broker.options())));
    deliveries.resume(attached.queue());
    if (attached.sessionPresent()) {
      subscribing.recheck(); // rights may have gone while nobody was here
    }
    rightsChanged();
  }

  @Override
  public void packet(Packet packet) {
    switch (packet) {
      case Publish publish -> publications.publish(publish, broker.now());
      case Puback puback -> deliveries.puback(puback);
      case Pubrec pubrec -> deliveries.pubrec(pubrec);
      case Pubrel pubrel -> publications.pubrel(pubrel);
      case Pubcomp pubcomp -> deliveries.pubcomp(pubcomp);
      case Subscribe subscribe -> subscribing.subscribe(subscribe);
      case Unsubscribe unsubscribe -> subscribing.unsubscribe(unsubscribe);
      case Pingreq _ -> connection.send(Pingresp.INSTANCE);
      case Disconnect disconnect -> disconnected(disconnect);
      case Auth auth -> reauthentication().packet(auth);
      case Connect _, Connack _, Suback _, Unsuback _, Pingresp _ ->
          connection.end(ReasonCode.PROTOCOL_ERROR); // [MQTT-3.1.0-2]
    }
  }

  @Override
  public void rejected(Decoded.Rejected rejected) {
    dismiss(rejected.reason());
  }

  private Reauthentication reauthentication() {
    var made = reauthentication;
    if (made == null) {
      made = new Reauthentication(connection, broker, connect, access, audit);
      reauthentication = made;
    }
    return made;
  }

  private void disconnected(Disconnect disconnect) {
    var expiry = disconnect.sessionExpiry();
    boolean was0 = connect.properties().sessionExpiry().orElse(0) == 0;
    if (was0 && expiry.orElse(0) > 0) {
      dismiss(ReasonCode.PROTOCOL_ERROR); // not a DISCONNECT at all: the will stays
      return;
    }
    audit.ended(disconnect.reason(), "by the client");
    long most = broker.options().maximumSessionExpiry();
    detach(
        expiry.isPresent() ? OptionalLong.of(Math.min(expiry.getAsLong(), most)) : expiry,
        disconnect.reason() != ReasonCode.SUCCESS); // [MQTT-3.14.4-3]
    connection.finish();
  }

  @Override
  public void event(Event event) {
    switch (event) {
      case Event.Enqueued(var _, var entry) -> deliveries.add(entry);
      case Event.Removed(var _, var entry, var _) -> deliveries.remove(entry);
      case Event.Published published when published.epoch() == epoch -> published(published);
      case Event.Recorded(var _, var of, var sequence) when of == epoch ->
          deliveries.recorded(sequence);
      case Event.Released released when released.epoch() == epoch ->
          publications.released(released);
      case Event.Subscribed subscribed when subscribed.epoch() == epoch ->
          subscribing.subscribed(subscribed);
      case Event.Unsubscribed unsubscribed when unsubscribed.epoch() == epoch ->
          subscribing.unsubscribed(unsubscribed);
      case Event.Displaced(var _, var reason) -> displaced(reason);
      case Event.Delivered(var _, var delivery) -> deliveries.add(delivery);
      case Event.Published _,
          Event.Recorded _,
          Event.Released _,
          Event.Subscribed _,
          Event.Unsubscribed _ -> {} // of a former connection
      case Event.Attached _,
          Event.AttachRefused _,
          Event.Dropped _,
          Event.WillDue _,
          Event.SessionEnded _ ->
          throw new IllegalStateException("not for a connection: " + event.getClass());
    }
  }

  private void published(Event.Published published) {
    publications.published(published);
    if (published.pressed()) {
      broker.slowDown(connection);
    }
  }

  /** The session is not this connection's any more: nothing is detached. */
  private void displaced(ReasonCode reason) {
    audit.ended(reason, BY_BROKER);
    broker.counters().disconnected(reason);
    sayGoodbye(reason);
    connection.finish();
  }

  private void sayGoodbye(ReasonCode reason) {
    if (connection.output().version().hasProperties()) {
      connection.trySend(
          new Disconnect(
              reason,
              OptionalLong.empty(),
              ProblemInformation.NONE,
              reason == ReasonCode.USE_ANOTHER_SERVER || reason == ReasonCode.SERVER_MOVED
                  ? Optional.of(broker.options().serverReference()).filter(to -> !to.isEmpty())
                  : Optional.empty()));
    }
  }

  @Override
  public void deliver(Delivery delivery) {
    deliveries.add(delivery);
  }

  @Override
  public boolean mayPump() {
    return deliveries.mayPump();
  }

  @Override
  public void pump() {
    deliveries.pump(broker.now());
  }

  @Override
  public void late() {
    broker.counters().count(Count.KEEP_ALIVE_TIMEOUTS);
    dismiss(ReasonCode.KEEP_ALIVE_TIMEOUT);
  }

  @Override
  public void rightsChanged() {
    if (!access.mayConnect()) {
      // MQTT 5.0, 3.14.2.1: "banned" is not among the reasons of DISCONNECT.
      dismiss(access.banned() ? ReasonCode.ADMINISTRATIVE_ACTION : ReasonCode.NOT_AUTHORIZED);
    } else if (access.hasChanged()) {
      subscribing.recheck();
      deliveries.recheck();
    }
  }

  /** Returns whether what the peer has proved is over; any thread may ask. */
  boolean isOver(long nowMillis) {
    return nowMillis >= access.validUntil();
  }

  @Override
  public void lost() {
    connection.enter(new Farewell());
    audit.lost();
    detach(OptionalLong.empty(), true);
  }

  /** Ends the connection: the peer is told if it can be, the will stays [MQTT-3.1.2-8]. */
  @Override
  public void dismiss(ReasonCode reason) {
    audit.ended(reason, BY_BROKER);
    broker.counters().disconnected(reason);
    sayGoodbye(reason);
    detach(OptionalLong.empty(), true);
    connection.finish();
  }

  private void detach(OptionalLong expiry, boolean keepWill) {
    broker.submit(new Command.Detach(session.clientId(), epoch, expiry, keepWill));
  }

  /** Returns what operators see of it; any thread may ask. */
  LiveSession live(long nowNanos) {
    var peer = connection.peer();
    return new LiveSession(
        session.clientId(),
        access.identity(),
        protocol(),
        peer.transport(),
        peer.remoteAddress(),
        Instant.ofEpochMilli(sinceMillis),
        Duration.ofNanos(Math.max(0, nowNanos - connection.silence().heardNanos())),
        session.queued(),
        inFlight());
  }

  private Protocol protocol() {
    return switch (connect.version()) {
      case V3_1 -> Protocol.MQTT_V3_1;
      case V3_1_1 -> Protocol.MQTT_V3_1_1;
      case V5 -> Protocol.MQTT_V5;
    };
  }

  /** Returns what is spoken; any thread may ask. */
  ProtocolVersion version() {
    return connect.version();
  }

  /** Returns the session of this connection; any thread may ask. */
  Session session() {
    return session;
  }

  /** Returns how many deliveries are begun and not finished; any thread may ask. */
  int inFlight() {
    return deliveries.inFlight();
  }
}
