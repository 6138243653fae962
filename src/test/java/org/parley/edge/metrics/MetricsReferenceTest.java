package org.parley.edge.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.parley.audit.AuditAction;
import org.parley.audit.AuditEvent;
import org.parley.audit.AuditResult;
import org.parley.core.ByteBudget;
import org.parley.core.Lifecycle;
import org.parley.edge.auditlog.AuditLogForm;
import org.parley.edge.auditlog.AuditTrail;
import org.parley.edge.linelog.LineLog;
import org.parley.edge.mqtt.MqttListeners;
import org.parley.limit.Flapping;
import org.parley.limit.MessageRates;
import org.parley.limit.Rate;
import org.parley.limit.Shedding;
import org.parley.log.StoreStatus;
import org.parley.mqtt.broker.MqttSessions;
import org.parley.pcp.broker.PcpCounters;
import org.parley.pcp.broker.WireWatch;
import org.parley.session.Protocol;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.TestBroker;
import org.parley.transport.ProxyRefusal;

/** The page of metrics names those that there are, and they say what the broker does. */
class MetricsReferenceTest {
  private static final Path REFERENCE =
      Path.of(System.getProperty("basedir", "."), "docs", "metrics.md");

  private static final Pattern SAMPLE =
      Pattern.compile(
          "[a-z][a-z0-9_]*(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*})? (-?[0-9.]+|NaN|\\+Inf)");

  private static Metrics metrics(TestBroker broker) {
    var summary = new WireWatch.Summary(Map.of(Protocol.PCP_V2, 3), Duration.ofMillis(1500), 1, 0);
    var rates = new MessageRates.Rates(Rate.UNLIMITED, Rate.UNLIMITED, Duration.ofSeconds(1), 10);
    return new Metrics(
        List.of(
            ProcessMetrics.of("9.8.7", new Lifecycle()),
            MqttMetrics.of(
                broker.broker(),
                broker.counters(),
                new MqttSessions(broker.broker(), broker.clock())),
            StoreMetrics.of(() -> StoreStatus.NOTHING_KEPT),
            TokenMetrics.of(
                () ->
                    Optional.of(new TokenMetrics.Figures(5, 6, 7, 2, Duration.ofMillis(1500), 3))),
            ListenerMetrics.of(
                () ->
                    List.of(
                        new MqttListeners.State(
                            "tcp",
                            Optional.empty(),
                            1,
                            2,
                            3,
                            5,
                            4,
                            0,
                            0,
                            7,
                            Map.of(ProxyRefusal.TLV, 6L))),
                Optional::empty),
            new PcpMetrics(
                    new PcpCounters(),
                    () -> summary,
                    () -> 17,
                    () -> 5,
                    () -> Map.of("denied", 2L),
                    new MessageRates(rates, broker.clock()),
                    new ByteBudget(1000))
                .all(),
            LogMetrics.of(audit(), Optional.empty()),
            ProtectionMetrics.of(
                () -> 12,
                new Flapping(
                    new Flapping.Options(Rate.UNLIMITED, Duration.ofMinutes(1), 10),
                    broker.clock()),
                new Shedding(95, () -> 0))));
  }

  private static AuditTrail audit() {
    var options = new LineLog.Options(Path.of("never-written"), 1024, 2, 10);
    var audit = AuditTrail.open(AuditLogForm.JSON, options, InstantSource.system(), () -> 0);
    audit.record(AuditEvent.of(AuditAction.START, AuditResult.DONE, ""));
    return audit;
  }

  private static String row(Metric metric) {
    var labels = metric.labels().isEmpty() ? "" : "`" + String.join("`, `", metric.labels()) + "`";
    return "| `%s` | %s | %s | %s |"
        .formatted(metric.name(), metric.type().label(), labels, metric.help())
        .replace("|  |", "| |");
  }

  @Test
  void givenReference_whenRead_thenEveryMetricInOrder() throws IOException {
    try (var broker = TestBroker.start()) {
      var rows =
          Files.readAllLines(REFERENCE).stream()
              .filter(line -> line.matches("\\| `(parley|jvm|process)_[a-z0-9_]+` \\|.*"))
              .toList();

      assertThat(rows)
          .isEqualTo(metrics(broker).all().stream().map(MetricsReferenceTest::row).toList());
    }
  }

  @Test
  void givenMetrics_whenListed_thenTheirNamesAreAsPrometheusWantsThem() {
    try (var broker = TestBroker.start()) {
      var all = metrics(broker).all();

      assertThat(all).extracting(Metric::name).doesNotHaveDuplicates();
      assertThat(all)
          .allSatisfy(
              metric -> {
                assertThat(metric.name()).matches("(parley|jvm|process)_[a-z0-9_]+");
                assertThat(metric.name().endsWith("_total"))
                    .as("%s is a counter", metric.name())
                    .isEqualTo(metric.type() == Metric.Type.COUNTER);
                assertThat(metric.help()).doesNotContain("\n").endsWith(".");
              });
    }
  }

  @Test
  void givenBrokerAtWork_whenAsked_thenEveryLineIsASampleAndItsFiguresAreThere() {
    try (var broker = TestBroker.start();
        var subscriber = Peer.connected(broker, "subscriber-nobody-names");
        var publisher = Peer.connected(broker, ConnectBytes.v5("p"))) {
      subscriber.subscribe("topic-nobody-names", 1);
      publisher.publish("topic-nobody-names", "hello", 1);
      subscriber.nextPublish();
      subscriber.expectNothing();
      publisher.publish("topic-nobody-names", "hello", 0);
      subscriber.nextPublish();
      try (var refused = Peer.open(broker)) {
        broker.access().refusedIds.add("bad");
        refused.connect(ConnectBytes.v5("bad"));
      }

      var text = Exposition.of(metrics(broker).all());

      assertThat(text.lines())
          .allSatisfy(
              line ->
                  assertThat(line.startsWith("# ") || SAMPLE.matcher(line).matches())
                      .as(line)
                      .isTrue());
      assertThat(text.lines())
          .contains(
              "parley_info{version=\"9.8.7\"} 1",
              "parley_mqtt_sessions{state=\"online\"} 2",
              "parley_mqtt_sessions{state=\"offline\"} 0",
              "parley_mqtt_connections{protocol=\"mqtt-v5\",transport=\"tcp\"} 2",
              "parley_mqtt_connections{protocol=\"mqtt-v3.1\",transport=\"wss\"} 0",
              "parley_mqtt_packets_total{type=\"publish\",direction=\"in\"} 2",
              "parley_mqtt_packets_total{type=\"publish\",direction=\"out\"} 2",
              "parley_mqtt_packets_total{type=\"puback\",direction=\"out\"} 1",
              "parley_mqtt_connects_accepted_total 2",
              "parley_mqtt_connects_refused_total{reason=\"client_identifier_not_valid\"} 1",
              "parley_mqtt_connects_refused_total{reason=\"not_authorized\"} 0",
              "parley_mqtt_authentication_failures_total 1",
              "parley_mqtt_queued_messages 1",
              "parley_mqtt_in_flight_messages 1",
              "parley_mqtt_subscriptions 1",
              "parley_mqtt_retained_messages 0",
              "parley_mqtt_delivery_latency_seconds_bucket{le=\"+Inf\"} 1",
              "parley_mqtt_delivery_latency_seconds_count 1",
              "parley_mqtt_listener_failed_handshakes_total{listener=\"tcp\"} 4",
              "parley_mqtt_tokens_total{outcome=\"refused\"} 6",
              "parley_mqtt_token_keys_age_seconds 1.5",
              "parley_mqtt_token_key_failures_total 3",
              "parley_pcp_sessions{protocol=\"pcp-v2\"} 3",
              "parley_pcp_messages_total 17",
              "parley_pcp_longest_silence_seconds 1.5",
              "parley_handshakes_refused_total{reason=\"denied\"} 2",
              "parley_audit_events_total{result=\"done\"} 1",
              "parley_audit_events_total{result=\"denied\"} 0",
              "parley_audit_repeated_total 0",
              "parley_log_dropped_lines_total{log=\"audit\"} 0",
              "parley_log_failing{log=\"access\"} 0");
      assertThat(text).doesNotContain("nobody-names");
    }
  }
}
