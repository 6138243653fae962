package org.parley.edge.settings;

import static org.parley.edge.settings.Parsers.CONTROLLER_ADDRESSES;
import static org.parley.edge.settings.Parsers.FLAG;
import static org.parley.edge.settings.Parsers.LIST;
import static org.parley.edge.settings.Parsers.MESSAGE_TYPES;
import static org.parley.edge.settings.Parsers.PATTERN;
import static org.parley.edge.settings.Parsers.RATES;
import static org.parley.edge.settings.Parsers.TEXT;
import static org.parley.edge.settings.Parsers.burst;
import static org.parley.edge.settings.Parsers.bytes;
import static org.parley.edge.settings.Parsers.duration;
import static org.parley.edge.settings.Parsers.number;
import static org.parley.edge.settings.Parsers.oneOf;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.parley.edge.accesslog.AccessLogForm;
import org.parley.limit.Rate;
import org.parley.pcp.broker.ControllerAddress;
import org.parley.pcp.broker.Replies;

/**
 * The settings of the broker, but those of MQTT alone. {@code docs/settings.md} is checked against
 * this list.
 */
public final class Settings {
  private static final SettingList ALL = new SettingList();
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration MILLISECOND = Duration.ofMillis(1);
  private static final long GIB = 1L << 30;

  // Read by server.xml; here they are known and checked.
  public static final Setting<String> HOST =
      ALL.add(
          "parley.host", "*", TEXT, "Address that the HTTPS and HTTP listeners bind; * is all.");
  public static final Setting<Integer> HTTPS_PORT =
      ALL.add("parley.https.port", "9443", port(), "Port of wss; health, metrics and status, too.");
  public static final Setting<Integer> HTTP_PORT =
      ALL.add("parley.http.port", "9080", port(), "Port of health, metrics and status.");
  public static final Setting<String> KEYSTORE =
      ALL.add("parley.keystore", "", TEXT, "PKCS#12 file with the broker's key and chain.");
  public static final Setting<String> KEYSTORE_PASSWORD =
      ALL.add("parley.keystore.password", "", TEXT, "Password of that file.");
  public static final Setting<String> TRUSTSTORE =
      ALL.add(
          "parley.truststore",
          "",
          TEXT,
          "PKCS#12 file with the CAs, intermediates too, that client certificates chain to.");
  public static final Setting<String> TRUSTSTORE_PASSWORD =
      ALL.add("parley.truststore.password", "", TEXT, "Password of that file.");

  public static final Setting<String> CRL =
      ALL.add("parley.crl", "", TEXT, "PEM file with the CRLs of those CAs; empty: no revocation.");
  public static final Setting<Boolean> CRL_HARD_FAIL =
      ALL.add(
          "parley.crl.hard-fail",
          "true",
          FLAG,
          "Whether a stale CRL, or none for an issuer, refuses its certificates.");
  public static final Setting<Duration> CRL_CHECK =
      ALL.add(
          "parley.crl.check-interval",
          "5s",
          duration(Duration.ofMillis(100), DAY),
          "How often the CRL file is looked at for a change.");
  public static final Setting<Pattern> IDENTITY_PATTERN =
      ALL.add(
          "parley.identity.pattern",
          "[A-Za-z0-9._-]{1,64}",
          PATTERN,
          "What a whole common name must match.");
  public static final Setting<List<String>> ORIGINS =
      ALL.add(
          "parley.origins",
          "",
          LIST,
          "Web origins, separated by commas, whose pages may open WebSockets beside our own.");
  public static final Setting<String> POLICY =
      ALL.add("parley.policy", "", TEXT, "Policy file, YAML or JSON; empty: the built-in policy.");
  public static final Setting<Duration> POLICY_CHECK =
      ALL.add(
          "parley.policy.check-interval",
          "250ms",
          duration(Duration.ofMillis(50), DAY),
          "How often the policy file is looked at for a change.");
  public static final Setting<Integer> MAX_CONNECTIONS =
      ALL.add(
          "parley.connections.max",
          "0",
          number(0, 10_000_000),
          "Sessions at the most; 0: unlimited. A URI that reconnects is never refused for it.");
  public static final Setting<Integer> MAX_PER_IDENTITY =
      ALL.add(
          "parley.connections.max-per-identity",
          "0",
          number(0, 10_000_000),
          "PCP sessions of one common name, and MQTT connections of one identity, at the most; 0:"
              + " unlimited.");
  public static final Setting<Integer> MAX_PER_ADDRESS =
      ALL.add(
          "parley.connections.max-per-address",
          "0",
          number(0, 10_000_000),
          "PCP sessions, and MQTT connections, from one IPv4 address, or IPv6 /64, at the most; 0:"
              + " unlimited.");
  public static final Setting<Rate> CONNECTION_RATE =
      ALL.add("parley.connections.rate", "1000/s", RATES, "Connects of all peers; 0: unlimited.");
  public static final Setting<Integer> CONNECTION_BURST =
      ALL.add("parley.connections.burst", "20000", burst(), "How many of them at once.");
  public static final Setting<Rate> IDENTITY_RATE =
      ALL.add(
          "parley.connections.rate-per-identity",
          "50/s",
          RATES,
          "Connects of one common name; 0: unlimited.");
  public static final Setting<Integer> IDENTITY_BURST =
      ALL.add(
          "parley.connections.burst-per-identity", "10000", burst(), "How many of them at once.");
  public static final Setting<Rate> ADDRESS_RATE =
      ALL.add(
          "parley.connections.rate-per-address",
          "0",
          RATES,
          "Connects from one IPv4 address, or IPv6 /64; 0: unlimited.");
  public static final Setting<Integer> ADDRESS_BURST =
      ALL.add(
          "parley.connections.burst-per-address", "20000", burst(), "How many of them at once.");
  public static final Setting<Integer> LIMITS_TRACKED =
      ALL.add(
          "parley.limits.tracked",
          "100000",
          number(1, 10_000_000),
          "Identities, addresses and URIs, each, whose rates are remembered.");

  public static final Setting<Replies.Unauthorized> PCP_UNAUTHORIZED =
      ALL.add(
          "parley.pcp.unauthorized",
          "error-message",
          oneOf(Replies.Unauthorized.class),
          "How a denied message is answered: error-message, or spec for unauthorized.");
  public static final Setting<List<String>> PCP_CONTROLLERS =
      ALL.add(
          "parley.pcp.controllers",
          "*",
          LIST,
          "Without a policy file: common names, separated by commas, that may associate as"
              + " controller; * is a wildcard.");
  public static final Setting<List<ControllerAddress>> CONTROLLER_URIS =
      ALL.add(
          "parley.pcp.controller.uris",
          "",
          CONTROLLER_ADDRESSES,
          "Controllers that the broker itself dials, wss://host:port[/path], separated by commas.");
  public static final Setting<Set<String>> CONTROLLER_ALLOW =
      ALL.add(
          "parley.pcp.controller.allow",
          "inventory_request,rpc_blocking_request,rpc_non_blocking_request",
          MESSAGE_TYPES,
          "Message types that these may send; without a slash, of http://puppetlabs.com/.");
  public static final Setting<Duration> CONTROLLER_GRACE =
      ALL.add(
          "parley.pcp.controller.grace",
          "90s",
          duration(Duration.ZERO, DAY),
          "How long clients stay connected while none of these is.");
  public static final Setting<Duration> CONTROLLER_CONNECT_TIMEOUT =
      ALL.add(
          "parley.pcp.controller.connect-timeout",
          "10s",
          duration(MILLISECOND, Duration.ofMinutes(5)),
          "How long an attempt to connect to one may take.");
  public static final Setting<Duration> CONTROLLER_PING_INTERVAL =
      ALL.add(
          "parley.pcp.controller.ping-interval",
          "15s",
          duration(MILLISECOND, DAY),
          "How often each is pinged.");
  public static final Setting<Duration> CONTROLLER_PONG_TIMEOUT =
      ALL.add(
          "parley.pcp.controller.pong-timeout",
          "30s",
          duration(MILLISECOND, DAY),
          "One that owes a pong for so long is dead, and dialled again.");
  public static final Setting<Long> PCP_MAX_MESSAGE =
      ALL.add(
          "parley.pcp.max-message-size",
          "64MiB",
          bytes(1024, GIB),
          "Bytes of one PCP message, and of one frame or message of a WebSocket with MQTT, at the"
              + " most.");
  public static final Setting<Integer> PCP_MAX_DEPTH =
      ALL.add(
          "parley.pcp.max-depth",
          "64",
          number(2, 512),
          "How deep the JSON of a message may be nested.");
  public static final Setting<Boolean> PCP_V1_FULL =
      ALL.add(
          "parley.pcp.v1.full",
          "false",
          FLAG,
          "Serves what deployed brokers dropped of version 1: expiry, several targets, reports.");
  public static final Setting<Long> PCP_AGENT_MAX_MESSAGE =
      ALL.add(
          "parley.pcp.agent.max-message-size",
          "32000000",
          bytes(1024, GIB),
          "Bytes of one message to a client of type agent at the most; pxp-agent takes no more.");
  public static final Setting<Duration> PCP_PING_INTERVAL =
      ALL.add(
          "parley.pcp.ping-interval",
          "30s",
          duration(Duration.ZERO, DAY),
          "A peer silent for so long is pinged; 0s: never.");
  public static final Setting<Duration> PCP_PONG_TIMEOUT =
      ALL.add(
          "parley.pcp.pong-timeout",
          "90s",
          duration(MILLISECOND, DAY),
          "A peer that owes a pong for so long is dead.");
  public static final Setting<Duration> PCP_IDLE_TIMEOUT =
      ALL.add(
          "parley.pcp.idle-timeout",
          "360s",
          duration(MILLISECOND, DAY),
          "A peer silent for so long is dead.");
  public static final Setting<Integer> DUEL_BURST =
      ALL.add(
          "parley.pcp.duel.burst",
          "10",
          number(0, 1_000_000),
          "How often at once a URI that is connected may be taken over; 0: unlimited.");
  public static final Setting<Duration> DUEL_INTERVAL =
      ALL.add(
          "parley.pcp.duel.interval",
          "10s",
          duration(MILLISECOND, DAY),
          "After so long it may be taken over once more.");
  public static final Setting<Duration> DUEL_PROBE =
      ALL.add(
          "parley.pcp.duel.probe",
          "2s",
          duration(MILLISECOND, DAY),
          "A connection that owes a pong for so long may be taken over at any time.");
  public static final Setting<Rate> MESSAGE_RATE =
      ALL.add("parley.pcp.messages.rate", "0", RATES, "Messages of one session; 0: unlimited.");
  public static final Setting<Integer> MESSAGE_BURST =
      ALL.add("parley.pcp.messages.burst", "1000", burst(), "How many of them at once.");
  public static final Setting<Rate> IDENTITY_MESSAGE_RATE =
      ALL.add(
          "parley.pcp.messages.rate-per-identity",
          "0",
          RATES,
          "Messages of all sessions of one common name; 0: unlimited.");
  public static final Setting<Integer> IDENTITY_MESSAGE_BURST =
      ALL.add(
          "parley.pcp.messages.burst-per-identity", "1000", burst(), "How many of them at once.");
  public static final Setting<Duration> MESSAGE_HOLD =
      ALL.add(
          "parley.pcp.messages.hold",
          "20s",
          duration(MILLISECOND, Duration.ofMinutes(1)),
          "How long a message over its rate is held at the most.");
  public static final Setting<Duration> PCP_INVENTORY_BATCH =
      ALL.add(
          "parley.pcp.inventory.batch",
          "1s",
          duration(Duration.ofMillis(10), Duration.ofMinutes(1)),
          "How long inventory changes are gathered for one update.");
  public static final Setting<Long> PCP_INVENTORY_UPDATE =
      ALL.add(
          "parley.pcp.inventory.max-update-size",
          "1MiB",
          bytes(1024, GIB),
          "Bytes of one inventory update at the most; more changes make more updates.");
  public static final Setting<Integer> PCP_INVENTORY_JOURNAL =
      ALL.add(
          "parley.pcp.inventory.journal",
          "200000",
          number(1, 100_000_000),
          "Changes kept for the slowest subscriber; one further behind is closed.");
  public static final Setting<Integer> PCP_INVENTORY_QUERY =
      ALL.add(
          "parley.pcp.inventory.max-query",
          "10000",
          number(1, 1_000_000),
          "Elements of one inventory query at the most.");
  public static final Setting<Integer> PCP_QUEUE_MESSAGES =
      ALL.add(
          "parley.pcp.queue.messages",
          "1000",
          number(1, 1_000_000),
          "Messages that may wait for one peer.");
  public static final Setting<Long> PCP_QUEUE_BYTES =
      ALL.add(
          "parley.pcp.queue.size",
          "16MiB",
          bytes(1024, 64 * GIB),
          "Bytes that may wait for one peer; one message alone may be larger.");

  public static final Setting<Integer> OUTBOUND_SHARE =
      ALL.add(
          "parley.outbound.heap-percent",
          "25",
          number(1, 90),
          "Share of the heap that messages waiting for all peers may take together.");
  public static final Setting<Integer> INBOUND_SHARE =
      ALL.add(
          "parley.inbound.heap-percent",
          "25",
          number(1, 90),
          "Share of the heap that unfinished messages of all peers may take together: those of"
              + " WebSockets, and as much again packets of MQTT.");
  public static final Setting<Integer> MAX_FRAGMENTS =
      ALL.add(
          "parley.websocket.max-fragments",
          "4096",
          number(1, 1_000_000),
          "Frames of one WebSocket message at the most.");
  public static final Setting<Duration> WRITE_TIMEOUT =
      ALL.add(
          "parley.websocket.write-timeout",
          "20s",
          duration(MILLISECOND, DAY),
          "A write that makes no progress for so long ends its connection.");
  public static final Setting<Duration> MESSAGE_TIMEOUT =
      ALL.add(
          "parley.websocket.message-timeout",
          "10m",
          duration(MILLISECOND, DAY),
          "A message that takes longer to come in ends its connection.");
  public static final Setting<Duration> CLOSE_TIMEOUT =
      ALL.add(
          "parley.websocket.close-timeout",
          "750ms",
          duration(MILLISECOND, Duration.ofSeconds(30)),
          "After so long a connection that was told to close is cut.");
  public static final Setting<Duration> STOP_DRAIN =
      ALL.add(
          "parley.stop.drain",
          "3s",
          duration(Duration.ZERO, Duration.ofSeconds(5)),
          "Over how long the sessions are closed when the broker stops.");

  public static final Setting<AccessLogForm> ACCESS_LOG =
      ALL.add(
          "parley.access-log",
          "json",
          oneOf(AccessLogForm.class),
          "A line for each message that a peer sent: off, json or classic.");
  public static final Setting<String> ACCESS_LOG_FILE =
      ALL.add(
          "parley.access-log.file",
          "pcp-access.log",
          TEXT,
          "The file; a relative path is below the server's folder of logs.");
  public static final Setting<Long> ACCESS_LOG_SIZE =
      ALL.add(
          "parley.access-log.max-size",
          "20MiB",
          bytes(1024, 64 * GIB),
          "Bytes of one file; the next begins when it is full.");
  public static final Setting<Integer> ACCESS_LOG_FILES =
      ALL.add(
          "parley.access-log.files", "5", number(1, 1000), "Files kept, the current one included.");
  public static final Setting<Integer> ACCESS_LOG_QUEUE =
      ALL.add(
          "parley.access-log.queue",
          "10000",
          number(1, 1_000_000),
          "Lines that may wait to be written; more are left out, and counted.");

  private Settings() {}

  /** Returns every setting, in the order of the reference. */
  public static List<Setting<?>> all() {
    return Stream.of(
            ALL.settings(),
            AuditSettings.all(),
            ProtectionSettings.all(),
            MqttSettings.all(),
            TokenSettings.all(),
            MqttProtocolSettings.all(),
            StoreSettings.all())
        .<Setting<?>>flatMap(List::stream)
        .toList();
  }

  private static Setting.Parser<Integer> port() {
    return number(0, 65_535);
  }
}
