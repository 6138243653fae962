package org.parley.edge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.parley.edge.settings.Configuration;
import org.parley.limit.LogThrottle;
import org.parley.testing.LoggedLines;
import org.parley.transport.ProxyOptions;
import org.parley.transport.ProxyRefusal;

/** The proxies of the settings: which they are, and what is said of them. */
class ProxiesTest {
  private static final InetAddress PROXY = InetAddress.ofLiteral("192.0.2.7");

  @RegisterExtension final LoggedLines logged = LoggedLines.of(Proxies.class);
  private long now;

  private Optional<ProxyOptions> proxies(Map<String, String> settings) {
    var configuration =
        Configuration.read(settings.keySet(), key -> Optional.ofNullable(settings.get(key)));
    return Proxies.of(configuration, new LogThrottle(Duration.ofMinutes(1), 100, () -> now));
  }

  private ProxyOptions proxies(String networks) {
    return proxies(Map.of("parley.mqtt.proxies", networks)).orElseThrow();
  }

  @Test
  void givenNoNetwork_whenRead_thenThereAreNoProxies() {
    assertThat(proxies(Map.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.15, true",
    "192.0.2.16, false",
    "2001:db8::ffff, true",
    "2001:db8:0:1::1, false",
    "fe80::1%1, true",
    "127.0.0.1, false",
    "::1, false"
  })
  void givenNetworks_whenSomebodyConnects_thenListedOrNot(String address, boolean listed) {
    var proxies = proxies("192.0.2.0/28, 2001:db8::/64, fe80::1");

    assertThat(proxies.listed().test(InetAddress.ofLiteral(address))).isEqualTo(listed);
  }

  @Test
  void givenLimits_whenRead_thenThoseOfTheSettings() {
    var proxies =
        proxies(
                Map.of(
                    "parley.mqtt.proxies", "192.0.2.7",
                    "parley.mqtt.proxies.header-max", "1000",
                    "parley.mqtts.handshake-timeout", "3s"))
            .orElseThrow();

    assertThat(proxies.mostHeaderBytes()).isEqualTo(1000);
    assertThat(proxies.limit()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void givenRefusalsInARow_whenTold_thenOneLineAMinuteForEachReason() {
    var told = proxies("192.0.2.7").onRefused();
    for (int i = 0; i < 4; i++) {
      told.accept(PROXY, ProxyRefusal.NO_HEADER);
    }
    told.accept(PROXY, ProxyRefusal.VERSION_1);
    now = Duration.ofMinutes(1).toNanos();
    told.accept(PROXY, ProxyRefusal.NO_HEADER);

    assertThat(logged.lines())
        .containsExactly(
            "connection of proxy 192.0.2.7 closed: no PROXY header",
            "connection of proxy 192.0.2.7 closed: PROXY header of version 1",
            "connection of proxy 192.0.2.7 closed: no PROXY header (and 3 like it before)");
  }
}
