package org.parley.edge.settings;

import static org.parley.edge.settings.Parsers.FLAG;
import static org.parley.edge.settings.Parsers.RATES;
import static org.parley.edge.settings.Parsers.TEXT;
import static org.parley.edge.settings.Parsers.burst;
import static org.parley.edge.settings.Parsers.bytes;
import static org.parley.edge.settings.Parsers.duration;
import static org.parley.edge.settings.Parsers.number;
import static org.parley.edge.settings.Parsers.oneOf;

import java.time.Duration;
import java.util.List;
import org.parley.limit.Rate;
import org.parley.mqtt.state.StateLimits.Overflow;

/** What MQTT clients are offered, and the limits of their sessions. */
public final class MqttProtocolSettings {
  private static final SettingList ALL = new SettingList();
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long GREATEST_PACKET = 268_435_460;

  public static final Setting<Duration> CONNECT_TIMEOUT =
      ALL.add(
          "parley.mqtt.connect-timeout",
          "10s",
          duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
          "A connection without CONNECT for this long is closed.");
  public static final Setting<Long> PACKET_MAX =
      ALL.add(
          "parley.mqtt.packet.max",
          "1MiB",
          bytes(1024, GREATEST_PACKET),
          "Maximum Packet Size: a larger packet of a client ends its connection.");
  public static final Setting<Long> CONNECT_MAX =
      ALL.add(
          "parley.mqtt.connect.max",
          "256KiB",
          bytes(1024, GREATEST_PACKET),
          "The same for CONNECT, the will included, while nobody knows who it is.");
  public static final Setting<Integer> RECEIVE_MAXIMUM =
      ALL.add(
          "parley.mqtt.receive-maximum",
          "1024",
          number(1, 65_535),
          "Receive Maximum: unacknowledged messages with QoS 1 and 2, in each direction.");
  public static final Setting<Integer> TOPIC_ALIASES =
      ALL.add(
          "parley.mqtt.topic-alias-maximum",
          "64",
          number(0, 65_535),
          "Topic Alias Maximum, in each direction; 0: none.");
  public static final Setting<Duration> KEEP_ALIVE =
      ALL.add(
          "parley.mqtt.keep-alive",
          "1800s",
          duration(Duration.ZERO, Duration.ofSeconds(65_535)),
          "Greatest Keep Alive; who asks for more, or for none, gets this. 0: as clients ask.");
  public static final Setting<Duration> SESSION_EXPIRY =
      ALL.add(
          "parley.mqtt.session.expiry",
          "7d",
          duration(Duration.ZERO, Duration.ofDays(49_000)),
          "Greatest Session Expiry Interval, also of sessions without end.");
  public static final Setting<Integer> SESSIONS =
      ALL.add(
          "parley.mqtt.sessions.max",
          "1000000",
          number(1, 100_000_000),
          "Sessions, online and offline; one more is refused with 0x97.");
  public static final Setting<Integer> MAXIMUM_QOS =
      ALL.add("parley.mqtt.maximum-qos", "2", number(0, 2), "Greatest QoS that is offered.");
  public static final Setting<Boolean> RETAIN =
      ALL.add("parley.mqtt.retain", "true", FLAG, "Whether retained messages are offered.");
  public static final Setting<Boolean> WILDCARDS =
      ALL.add("parley.mqtt.wildcards", "true", FLAG, "Whether wildcard subscriptions are offered.");
  public static final Setting<Boolean> SHARED =
      ALL.add("parley.mqtt.shared", "true", FLAG, "Whether shared subscriptions are offered.");
  public static final Setting<Boolean> SUBSCRIPTION_IDS =
      ALL.add(
          "parley.mqtt.subscription-ids",
          "true",
          FLAG,
          "Whether Subscription Identifiers are offered.");
  public static final Setting<Boolean> STRICT_TEXT =
      ALL.add(
          "parley.mqtt.strict-text",
          "true",
          FLAG,
          "Whether control characters and non-characters make text malformed.");
  public static final Setting<Boolean> PAYLOAD_FORMAT =
      ALL.add(
          "parley.mqtt.payload-format.check",
          "false",
          FLAG,
          "Whether a payload that says it is UTF-8 must be.");
  public static final Setting<Integer> CLIENT_ID_LENGTH =
      ALL.add(
          "parley.mqtt.client-id.length",
          "1024",
          number(23, 65_535),
          "Characters of a Client Identifier.");
  public static final Setting<Long> QOS0_BYTES =
      ALL.add(
          "parley.mqtt.qos0.bytes",
          "8MiB",
          bytes(1024, 64 * GIB),
          "Messages with QoS 0 that wait for one peer; more are dropped.");
  public static final Setting<Integer> WAITING_SHARE =
      ALL.add(
          "parley.mqtt.waiting.heap-percent",
          "15",
          number(1, 90),
          "Share of the heap for what waits for all slow peers together, QoS 0 and retained"
              + " messages; beyond it they lose messages, and SUBSCRIBE is answered with 0x97.");
  public static final Setting<Integer> REPLAY =
      ALL.add(
          "parley.mqtt.retained.replay",
          "1000000",
          number(1, 100_000_000),
          "Retained messages that wait for one peer; a further SUBSCRIBE is answered with 0x97.");
  public static final Setting<Duration> PUBLISHER_HOLD =
      ALL.add(
          "parley.mqtt.publisher-hold",
          "10ms",
          duration(Duration.ZERO, Duration.ofSeconds(10)),
          "How long a publisher is not read when a subscriber falls behind; 0: never.");
  public static final Setting<Rate> MESSAGE_RATE =
      ALL.add(
          "parley.mqtt.messages.rate",
          "0",
          RATES,
          "PUBLISH of one connection; a publisher over it is read more slowly. 0: unlimited.");
  public static final Setting<Integer> MESSAGE_BURST =
      ALL.add("parley.mqtt.messages.burst", "1000", burst(), "How many of them at once.");
  public static final Setting<Rate> IDENTITY_MESSAGE_RATE =
      ALL.add(
          "parley.mqtt.messages.rate-per-identity",
          "0",
          RATES,
          "The same of all connections of one identity; 0: unlimited.");
  public static final Setting<Integer> IDENTITY_MESSAGE_BURST =
      ALL.add(
          "parley.mqtt.messages.burst-per-identity", "1000", burst(), "How many of them at once.");
  public static final Setting<Integer> AUTHENTICATION_ROUNDS =
      ALL.add(
          "parley.mqtt.auth.rounds",
          "8",
          number(1, 100),
          "AUTH packets of a client in one exchange.");
  public static final Setting<String> RESPONSE_PREFIX =
      ALL.add(
          "parley.mqtt.response-prefix",
          "",
          TEXT,
          "Response Information is this, the Client Identifier and a slash; empty: none.");
  public static final Setting<String> SERVER_REFERENCE =
      ALL.add(
          "parley.mqtt.server-reference",
          "",
          TEXT,
          "Where clients are sent that this server sends away; empty: they are not told.");
  public static final Setting<Integer> QUEUE_MESSAGES =
      ALL.add(
          "parley.mqtt.queue.messages",
          "100000",
          number(1, 100_000_000),
          "Messages with QoS 1 and 2 that a session holds.");
  public static final Setting<Long> QUEUE_BYTES =
      ALL.add("parley.mqtt.queue.bytes", "256MiB", bytes(1024, 64 * GIB), "Bytes of these, about.");
  public static final Setting<Overflow> QUEUE_OVERFLOW =
      ALL.add(
          "parley.mqtt.queue.overflow",
          "drop-new",
          oneOf(Overflow.class),
          "What happens when they are reached: drop-new, drop-oldest or end-session.");
  public static final Setting<Integer> QUEUE_SHARE =
      ALL.add(
          "parley.mqtt.queue.heap-percent",
          "25",
          number(1, 90),
          "Share of the heap for the queues of all sessions together; PUBLISH with QoS 1 and 2 for"
              + " somebody is then answered with 0x97.");
  public static final Setting<Integer> SUBSCRIPTIONS =
      ALL.add(
          "parley.mqtt.subscriptions.max",
          "10000",
          number(1, 10_000_000),
          "Subscriptions of one session.");
  public static final Setting<Integer> ALL_SUBSCRIPTIONS =
      ALL.add(
          "parley.mqtt.subscriptions.total",
          "1000000",
          number(1, Integer.MAX_VALUE),
          "Subscriptions of all sessions; one more is answered with 0x97.");
  public static final Setting<Integer> RETAINED_MESSAGES =
      ALL.add(
          "parley.mqtt.retained.messages",
          "1000000",
          number(1, 100_000_000),
          "Retained messages of all.");
  public static final Setting<Long> RETAINED_BYTES =
      ALL.add(
          "parley.mqtt.retained.bytes",
          "512MiB",
          bytes(MIB, 1024 * GIB),
          "Bytes of these, about, and of what is kept of their publishers: each once.");
  public static final Setting<Duration> SYS_INTERVAL =
      ALL.add(
          "parley.mqtt.sys-interval",
          "10s",
          duration(Duration.ZERO, Duration.ofDays(1)),
          "How often the broker publishes about itself below $SYS/broker/; 0s: never.");

  private MqttProtocolSettings() {}

  /** Returns every one, in the order of the reference. */
  static List<Setting<?>> all() {
    return ALL.settings();
  }
}
