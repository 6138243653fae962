package org.parley.edge.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.pcp.broker.Outcome;
import org.parley.pcp.broker.PcpCounters;
import org.parley.pcp.broker.ServiceState;
import org.parley.session.ConcurrentSessionRegistry;
import org.parley.session.TestSessions;

class StatusDocumentTest {
  private final ConcurrentSessionRegistry registry = new ConcurrentSessionRegistry(10);
  private long nanos;
  private final PcpMeters meters = new PcpMeters(registry, new PcpCounters(), () -> nanos);
  private final StatusDocument document = new StatusDocument("9.8.7", meters, () -> 7);

  private Map<String, Object> document(DetailLevel level) {
    return document.of(level, ServiceState.STARTING);
  }

  @SuppressWarnings("unchecked") // a document is made of maps
  private static Map<String, Object> part(Map<String, Object> document, String key) {
    return (Map<String, Object>) document.getOrDefault(key, Map.of());
  }

  @Test
  void givenCritical_whenShown_thenTheStateAndNoMore() {
    assertThat(document(DetailLevel.CRITICAL))
        .isEqualTo(
            Map.of(
                "service_version", "9.8.7",
                "service_status_version", 1,
                "detail_level", "critical",
                "state", "starting",
                "status", Map.of(),
                "active_alerts", List.of(),
                "service_name", "broker-service"));
  }

  @Test
  void givenInfo_whenShown_thenTheMetricsByTheirNames() {
    var session = TestSessions.agent("somebody");
    registry.associate(session);
    meters.record(Outcome.UNDECODABLE, session, Optional.empty());
    meters.record(Outcome.HANDLED, session, Optional.empty());
    nanos = 1_000_000_000;
    meters.tick();

    var details = part(document(DetailLevel.INFO), "status");

    assertThat(details).containsOnlyKeys("metrics");
    var metrics = part(details, "metrics");
    assertThat(metrics)
        .containsOnlyKeys(
            "puppetlabs.pcp.connections",
            "puppetlabs.pcp.on-connect",
            "puppetlabs.pcp.on-close",
            "puppetlabs.pcp.on-message",
            "puppetlabs.pcp.on-send",
            "parley.mqtt.connections")
        .containsEntry("parley.mqtt.connections", 7)
        .containsEntry("puppetlabs.pcp.connections", 1);
    assertThat(part(metrics, "puppetlabs.pcp.on-message"))
        .isEqualTo(
            Map.of("count", 2L, "rates", Map.of("1", 2.0, "5", 2.0, "15", 2.0, "total", 2.0)));
    assertThat(part(metrics, "puppetlabs.pcp.on-close")).containsEntry("count", 0L);
    assertThat(document(DetailLevel.INFO).toString()).doesNotContain("somebody");
  }

  @Test
  void givenDebug_whenShown_thenThreadsAndMemoryToo() {
    var details = part(document(DetailLevel.DEBUG), "status");

    assertThat(details).containsOnlyKeys("metrics", "threads", "memory");
    assertThat((Integer) part(details, "threads").getOrDefault("ThreadCount", 0)).isPositive();
    assertThat(part(part(details, "memory"), "HeapMemoryUsage"))
        .containsOnlyKeys("init", "used", "committed", "max");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "INFO", "info ", "all", "critical,info"})
  void givenOtherLevel_whenNamed_thenNone(String name) {
    assertThat(DetailLevel.named(name)).isEmpty();
  }

  @Test
  void givenLevels_whenNamed_thenEach() {
    assertThat(DetailLevel.named("critical")).contains(DetailLevel.CRITICAL);
    assertThat(DetailLevel.named("info")).contains(DetailLevel.INFO);
    assertThat(DetailLevel.named("debug")).contains(DetailLevel.DEBUG);
  }

  @Test
  void givenThisBuild_whenAskedForItsVersion_thenThatOfThePom() throws IOException {
    var pom = Files.readString(Path.of(System.getProperty("basedir", "."), "pom.xml"));

    assertThat(pom).contains("<artifactId>parley</artifactId>\n  <version>" + Version.read() + "<");
  }
}
