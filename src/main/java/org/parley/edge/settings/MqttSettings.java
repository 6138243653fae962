package org.parley.edge.settings;

import static org.parley.edge.settings.Parsers.FLAG;
import static org.parley.edge.settings.Parsers.NETWORKS;
import static org.parley.edge.settings.Parsers.RATES;
import static org.parley.edge.settings.Parsers.TEXT;
import static org.parley.edge.settings.Parsers.burst;
import static org.parley.edge.settings.Parsers.bytes;
import static org.parley.edge.settings.Parsers.duration;
import static org.parley.edge.settings.Parsers.number;
import static org.parley.edge.settings.Parsers.oneOf;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.parley.identity.CertificateName;
import org.parley.limit.Rate;
import org.parley.policy.Network;
import org.parley.transport.TlsOptions.ClientAuthentication;

/** The settings of MQTT; with {@link Settings}, all there are. */
public final class MqttSettings {
  private static final SettingList ALL = new SettingList();
  private static final long GIB = 1L << 30;

  public static final Setting<CertificateName> IDENTITY =
      ALL.add(
          "parley.mqtt.identity",
          "cn",
          oneOf(CertificateName.class),
          "Which name of a certificate is the identity by MQTT: cn, dn, san-dns, san-uri or"
              + " san-email.");
  public static final Setting<String> USERS =
      ALL.add(
          "parley.users", "", TEXT, "File with user names and password hashes; empty: no users.");
  public static final Setting<Duration> USERS_CHECK =
      ALL.add(
          "parley.users.check-interval",
          "1s",
          duration(Duration.ofMillis(50), Duration.ofDays(1)),
          "How often the users file is looked at for a change.");
  public static final Setting<Integer> USERS_WAITING =
      ALL.add(
          "parley.users.waiting",
          "10000",
          number(1, 1_000_000),
          "Passwords that may wait to be compared; a CONNECT more is answered with 0x89.");
  public static final Setting<Rate> FAILURES_PER_ADDRESS =
      ALL.add(
          "parley.logins.failures-per-address",
          "1/s",
          RATES,
          "MQTT logins from one IPv4 address, or IPv6 /64, that may fail; above, they are answered"
              + " with 0x9F unheard. 0: unlimited.");
  public static final Setting<Integer> FAILURES_PER_ADDRESS_BURST =
      ALL.add(
          "parley.logins.failures-burst-per-address", "100", burst(), "How many of them at once.");
  public static final Setting<Rate> FAILURES_PER_USER =
      ALL.add(
          "parley.logins.failures-per-user",
          "6/m",
          RATES,
          "The same under one user name, but from addresses from which it has logged in. 0:"
              + " unlimited.");
  public static final Setting<Integer> FAILURES_PER_USER_BURST =
      ALL.add("parley.logins.failures-burst-per-user", "30", burst(), "How many of them at once.");
  public static final Setting<Optional<Boolean>> ALLOW_ANONYMOUS =
      ALL.add(
          "parley.mqtt.allow-anonymous",
          "",
          text -> text.isEmpty() ? Optional.empty() : Optional.of(FLAG.parse(text)),
          "Whether clients with neither certificate nor user name are let in; empty: without TLS"
              + " where only this machine reaches.");
  public static final Setting<Integer> PORT =
      ALL.add("parley.mqtt.port", "1883", number(0, 65_535), "Port of MQTT over TCP; 0: none.");
  public static final Setting<String> HOST =
      ALL.add(
          "parley.mqtt.host",
          "127.0.0.1",
          TEXT,
          "Address that it binds; * is all. What passes there is not encrypted.");
  public static final Setting<Integer> TLS_PORT =
      ALL.add("parley.mqtts.port", "8883", number(0, 65_535), "Port of MQTT over TLS; 0: none.");
  public static final Setting<String> TLS_HOST =
      ALL.add(
          "parley.mqtts.host",
          "",
          TEXT,
          "Address that it binds; * is all, empty is that of parley.host.");
  public static final Setting<Integer> WS_PORT =
      ALL.add(
          "parley.mqtt.ws.port",
          "8083",
          number(0, 65_535),
          "Port of MQTT over WebSocket alone, path /mqtt, at the address of parley.mqtt.host; 0:"
              + " none.");
  public static final Setting<Integer> WSS_PORT =
      ALL.add(
          "parley.mqtt.wss.port",
          "8084",
          number(0, 65_535),
          "The same over TLS, at the address of parley.mqtts.host; 0: none.");
  public static final Setting<ClientAuthentication> TLS_CLIENT =
      ALL.add(
          "parley.mqtts.client-auth",
          "want",
          oneOf(ClientAuthentication.class),
          "Whether TLS needs a client certificate: want leaves a client without one to the login,"
              + " require ends its handshake.");
  public static final Setting<Duration> TLS_HANDSHAKE =
      ALL.add(
          "parley.mqtts.handshake-timeout",
          "10s",
          duration(Duration.ofMillis(100), Duration.ofMinutes(5)),
          "A TLS handshake that takes longer, with a proxy's header before it, ends its"
              + " connection; so does, counted anew, an opening handshake on the ports of"
              + " WebSocket alone.");
  public static final Setting<List<Network>> PROXIES =
      ALL.add(
          "parley.mqtt.proxies",
          "",
          NETWORKS,
          "Networks of proxies that must begin each connection to the ports of MQTT with a"
              + " PROXY header of version 2; separated by commas. Empty: none.");
  public static final Setting<Integer> PROXY_HEADER =
      ALL.add(
          "parley.mqtt.proxies.header-max",
          "536",
          number(52, 65_551),
          "Bytes of such a header at the most.");
  public static final Setting<Integer> THREADS =
      ALL.add(
          "parley.mqtt.threads",
          "0",
          number(0, 1024),
          "Threads of the ports of MQTT; 0: as many as there are processors.");
  public static final Setting<Integer> MAX_CONNECTIONS =
      ALL.add(
          "parley.mqtt.connections.max",
          "100000",
          number(1, 10_000_000),
          "Connections of each port of MQTT, and of WebSockets on that of HTTPS, at the most.");
  public static final Setting<Long> OUTBOUND_LOW =
      ALL.add(
          "parley.mqtt.outbound.low",
          "64KiB",
          bytes(1, GIB),
          "A connection that was over the mark below takes more when no more than this waits.");
  public static final Setting<Long> OUTBOUND_HIGH =
      ALL.add(
          "parley.mqtt.outbound.high",
          "256KiB",
          bytes(1, GIB),
          "A connection on which more waits to be sent gets no more messages for now.");
  public static final Setting<Long> OUTBOUND_MAX =
      ALL.add(
          "parley.mqtt.outbound.max",
          "16MiB",
          bytes(1024, 64 * GIB),
          "A connection on which more waits, answers included, is cut.");
  public static final Setting<Boolean> LEGACY_SUBPROTOCOL =
      ALL.add(
          "parley.mqtt.websocket.legacy",
          "false",
          FLAG,
          "Whether the WebSocket subprotocol mqttv3.1 is accepted beside mqtt.");

  private MqttSettings() {}

  /** Returns every setting of MQTT, in the order of the reference. */
  static List<Setting<?>> all() {
    return ALL.settings();
  }
}
