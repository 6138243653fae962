package org.parley.pcp.broker;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.parley.audit.RecordingAuditLog;
import org.parley.core.Lifecycle;
import org.parley.core.RecordingConnection;
import org.parley.pcp.broker.Replies.Unauthorized;
import org.parley.pcp.codec.InventoryCodec;
import org.parley.pcp.codec.PcpV1Codec;
import org.parley.pcp.codec.PcpV2Codec;
import org.parley.pcp.codec.VersionTranslator;
import org.parley.pcp.message.BrokerMessages;
import org.parley.pcp.message.MessageId;
import org.parley.pcp.message.PcpMessage;
import org.parley.policy.Action;
import org.parley.policy.BuiltInPolicy;
import org.parley.policy.Decision;
import org.parley.policy.Policy;
import org.parley.session.ClientSession;
import org.parley.session.ClientUri;
import org.parley.session.ConcurrentSessionRegistry;
import org.parley.session.Protocol;
import org.parley.session.SessionLimits;
import org.parley.session.SessionRegistry;
import org.parley.session.TestSessions;

/** A running broker whose peers are {@link RecordingConnection}s. */
final class BrokerFixture {
  /** Kept here, since the level of a logger that nobody holds is forgotten. */
  private static final Logger QUIET = Logger.getLogger(PcpBroker.class.getPackageName());

  static final String BROKER_NAME = "broker.test";
  static final String ID = "11111111-1111-4111-8111-111111111111";
  static final String BROKER_ID = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";
  static final int MAX_SESSIONS = 10_000;
  static final int UPDATE_BYTES = 1 << 20;
  static final int AGENT_BYTES = 1 << 20;
  static final Duration GRACE = Duration.ofSeconds(90);
  static final Set<String> ALLOWED =
      Set.of(
          "http://puppetlabs.com/inventory_request", "http://puppetlabs.com/rpc_blocking_request");

  final SessionRegistry registry;
  final Lifecycle lifecycle = new Lifecycle();
  final PcpCounters counters = new PcpCounters();
  final PcpV2Codec codec = new PcpV2Codec();
  final PcpV1Codec v1 = new PcpV1Codec();
  final VersionTranslator translator = new VersionTranslator(64);
  final RecordingAuditLog audit = new RecordingAuditLog();
  final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  final List<Action> asked = new ArrayList<>();
  final Inventory inventory;
  final AtomicLong nanos = new AtomicLong();
  final ControllerAvailability availability = new ControllerAvailability(2, GRACE, nanos::get);
  final ControllerSessions sessions;
  final Controllers controllers;
  final PcpBroker broker;
  Policy policy = new BuiltInPolicy(List.of("*"));
  boolean recordsActions = true;

  BrokerFixture() {
    this(100_000, UPDATE_BYTES, Unauthorized.ERROR_MESSAGE);
  }

  BrokerFixture(Unauthorized unauthorized) {
    this(100_000, UPDATE_BYTES, unauthorized);
  }

  /** A broker that serves the whole of version 1. */
  BrokerFixture(InstantSource clock) {
    this(
        new ConcurrentSessionRegistry(100_000),
        UPDATE_BYTES,
        Unauthorized.ERROR_MESSAGE,
        Optional.of(clock));
  }

  BrokerFixture(int journal, int updateBytes, Unauthorized unauthorized) {
    this(new ConcurrentSessionRegistry(journal), updateBytes, unauthorized);
  }

  BrokerFixture(SessionRegistry registry, int updateBytes, Unauthorized unauthorized) {
    this(registry, updateBytes, unauthorized, Optional.empty());
  }

  private BrokerFixture(
      SessionRegistry registry,
      int updateBytes,
      Unauthorized unauthorized,
      Optional<InstantSource> fullClock) {
    this.registry = registry;
    var full = fullClock.map(clock -> new FullV1(registry, clock, BROKER_NAME));
    var messages = new BrokerMessages(() -> new MessageId(BROKER_ID));
    var encoder = new SessionEncoder(v1, codec, translator, full);
    var replies = new Replies(encoder, messages, unauthorized, counters);
    sessions = new ControllerSessions(registry, availability);
    inventory =
        new Inventory(
            registry, sessions, new InventoryCodec(), encoder, messages, replies, updateBytes);
    var delivery = new Delivery(sessions, encoder, replies, counters, AGENT_BYTES);
    var router = new Router(delivery, inventory, translator, replies, full, BROKER_NAME);
    var reception =
        new Reception(v1, codec, router, replies, new AuditedMessages(this::log, audit));
    controllers = new Controllers(sessions, availability, reception, inventory, audit, ALLOWED);
    broker =
        new PcpBroker(
            registry,
            lifecycle,
            reception,
            new PolicyAuthorization(this::decide),
            audit,
            inventory,
            counters,
            new PcpBroker.Options(BROKER_NAME, new SessionLimits(MAX_SESSIONS, 0, 0)));
    lifecycle.advanceTo(Lifecycle.State.RUNNING);
  }

  static {
    QUIET.setLevel(Level.WARNING);
  }

  private void log(Outcome outcome, ClientSession session, Optional<PcpMessage> message) {
    outcomes.add(outcome);
  }

  private Decision decide(Action action) {
    if (recordsActions) {
      asked.add(action);
    }
    return policy.decide(action);
  }

  ClientSession connect(String commonName, String clientType) {
    return connect(commonName, clientType, new RecordingConnection());
  }

  ClientSession connect(String commonName, String clientType, RecordingConnection connection) {
    return connect(commonName, clientType, Protocol.PCP_V2, connection);
  }

  ClientSession connect(
      String commonName, String clientType, Protocol protocol, RecordingConnection connection) {
    var session =
        broker.associate(
            new ClientUri(commonName, clientType),
            TestSessions.principal(commonName),
            protocol,
            connection);
    if (recordsActions) {
      asked.clear(); // each session is judged as it begins; tests are about what follows
    }
    return session;
  }

  /** A controller that the broker has dialled. */
  ClientSession dialled(String authority) {
    return controllers.connected(
        new ControllerAddress(authority, ""),
        TestSessions.principal(authority),
        new RecordingConnection());
  }

  /** What the session's peer hears. */
  static RecordingConnection peer(ClientSession session) {
    return (RecordingConnection) session.connection();
  }

  /** A message with {@link #ID}; the rest is the other fields, comma first. */
  static String message(String type, String rest) {
    return "{\"id\":\"" + ID + "\",\"message_type\":\"" + type + "\"" + rest + "}";
  }

  static String to(String target) {
    return ",\"target\":\"" + target + "\"";
  }

  static String sentBy(String sender) {
    return ",\"sender\":\"" + sender + "\"";
  }

  static String query(boolean subscribe, String... uris) {
    return message(
        "http://puppetlabs.com/inventory_request",
        ",\"data\":{\"query\":[\""
            + String.join("\",\"", uris)
            + "\"],\"subscribe\":"
            + subscribe
            + "}");
  }

  /** The exact error message that answers {@link #ID}. */
  static String error(String description) {
    return "{\"id\":\""
        + BROKER_ID
        + "\",\"message_type\":\"http://puppetlabs.com/error_message\",\"in_reply_to\":\""
        + ID
        + "\",\"data\":\""
        + description
        + "\"}";
  }

  static String couldNotDecode() {
    return "{\"id\":\""
        + BROKER_ID
        + "\",\"message_type\":\"http://puppetlabs.com/error_message\","
        + "\"data\":\"Could not decode message\"}";
  }

  static String response(ClientSession session, String data) {
    return "{\"id\":\""
        + BROKER_ID
        + "\",\"message_type\":\"http://puppetlabs.com/inventory_response\",\"target\":\""
        + session.uri()
        + "\",\"in_reply_to\":\""
        + ID
        + "\",\"data\":{\"uris\":["
        + data
        + "]}}";
  }

  /** The exact update with these changes, each {@code +uri} or {@code -uri}. */
  static String update(ClientSession session, String... changes) {
    var list = new ArrayList<String>();
    for (var change : changes) {
      int number = change.startsWith("+") ? 1 : -1;
      list.add("{\"client\":\"" + change.substring(1) + "\",\"change\":" + number + "}");
    }
    return "{\"id\":\""
        + BROKER_ID
        + "\",\"message_type\":\"http://puppetlabs.com/inventory_update\",\"target\":\""
        + session.uri()
        + "\",\"data\":{\"changes\":["
        + String.join(",", list)
        + "]}}";
  }

  static String associateResponse(ClientSession session, String data) {
    return "{\"id\":\""
        + BROKER_ID
        + "\",\"message_type\":\"http://puppetlabs.com/associate_response\",\"target\":\""
        + session.uri()
        + "\",\"sender\":\"pcp:///server\",\"in_reply_to\":\""
        + ID
        + "\",\"data\":{\"id\":\""
        + ID
        + "\","
        + data
        + "}}";
  }
}
