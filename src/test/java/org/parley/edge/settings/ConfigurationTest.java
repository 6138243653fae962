package org.parley.edge.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.limit.Rate;
import org.parley.pcp.broker.Replies;
import org.parley.policy.Network;

class ConfigurationTest {
  private static final long MIB = 1L << 20;

  /** As from a file: what is there has the exact key. */
  private static Configuration file(Map<String, String> properties) {
    return Configuration.read(properties.keySet(), key -> Optional.ofNullable(properties.get(key)));
  }

  private static Configuration file(String key, String value) {
    return file(Map.of(key, value));
  }

  /** As from the environment: every key is found under its upper-case name. */
  private static Configuration environment(List<String> names, Map<String, String> variables) {
    return Configuration.read(
        names, key -> Optional.ofNullable(variables.get(Setting.environmentName(key))));
  }

  private static void assertRefused(String key, String value, String line) {
    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(() -> file(key, value))
        .withMessage(line);
  }

  @Test
  void givenNothing_whenRead_thenTheDefaultsOfTheContract() {
    var configuration = file(Map.of());

    assertThat(configuration.get(Settings.HTTPS_PORT)).isEqualTo(9443);
    assertThat(configuration.get(Settings.HTTP_PORT)).isEqualTo(9080);
    assertThat(configuration.get(Settings.CRL)).isEmpty();
    assertThat(configuration.get(Settings.PCP_MAX_MESSAGE)).isEqualTo(64 * MIB);
    assertThat(configuration.get(Settings.PCP_IDLE_TIMEOUT)).isEqualTo(Duration.ofMinutes(6));
    assertThat(configuration.get(Settings.PCP_INVENTORY_BATCH)).isEqualTo(Duration.ofSeconds(1));
    assertThat(configuration.get(Settings.MAX_CONNECTIONS)).isZero();
    assertThat(configuration.get(Settings.PCP_UNAUTHORIZED))
        .isEqualTo(Replies.Unauthorized.ERROR_MESSAGE);
  }

  @Test
  void givenEverySetting_whenItsDefaultIsRead_thenGood() {
    var configuration = file(Map.of());

    assertThat(Settings.all()).isNotEmpty();
    assertThat(Settings.all()).allSatisfy(s -> assertThat(configuration.get(s)).isNotNull());
  }

  @Test
  void givenValues_whenRead_thenEachByItsOwnRule() {
    var configuration =
        file(
            Map.of(
                "parley.https.port", " 8443 ",
                "parley.pcp.unauthorized", "spec",
                "parley.pcp.controllers", " boss , *.example.com ,,",
                "parley.crl.hard-fail", "false",
                "parley.pcp.queue.size", "2MiB",
                "parley.stop.drain", "0s"));

    assertThat(configuration.get(Settings.HTTPS_PORT)).isEqualTo(8443);
    assertThat(configuration.get(Settings.PCP_UNAUTHORIZED)).isEqualTo(Replies.Unauthorized.SPEC);
    assertThat(configuration.get(Settings.PCP_CONTROLLERS))
        .containsExactly("boss", "*.example.com");
    assertThat(configuration.get(Settings.CRL_HARD_FAIL)).isFalse();
    assertThat(configuration.get(Settings.PCP_QUEUE_BYTES)).isEqualTo(2 * MIB);
    assertThat(configuration.get(Settings.STOP_DRAIN)).isEqualTo(Duration.ZERO);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "parley.https.port, 65536, 'use a number from 0 to 65535'",
        "parley.https.port, -1, 'use a number from 0 to 65535'",
        "parley.https.port, many, 'use a number from 0 to 65535'",
        "parley.crl.hard-fail, TRUE, 'use true or false'",
        "parley.crl.check-interval, 5, 'use a number and ms, s, m, h or d, such as 30s'",
        "parley.crl.check-interval, 5 s, 'use a number and ms, s, m, h or d, such as 30s'",
        "parley.crl.check-interval, 99ms, 'use a time from 100ms to 86400s'",
        "parley.crl.check-interval, 2d, 'use a time from 100ms to 86400s'",
        "parley.connections.rate, 10, 'use 0 or a number in s, m or h, such as 10/s'",
        "parley.connections.rate, -1/s, 'use 0 or a number in s, m or h, such as 10/s'",
        "parley.connections.rate, 1/d, 'use 0 or a number in s, m or h, such as 10/s'",
        "parley.connections.burst, 0, 'use a number from 1 to 10000000'",
        "parley.pcp.unauthorized, SPEC, 'use one of error-message, spec'",
        "parley.mqtt.proxies.header-max, 51, 'use a number from 52 to 65551'",
        "parley.policy.check-interval, 49ms, 'use a time from 50ms to 86400s'",
        "parley.identity.pattern, '[', 'use a regular expression, such as [a-z0-9.-]{1,64}'"
      })
  void givenBadValue_whenRead_thenOneLineWithKeyValueAndRemedy(
      String key, String value, String remedy) {
    var environment = key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');

    assertRefused(key, value, key + " (" + environment + ") is \"" + value + "\": " + remedy + ".");
  }

  @Test
  void givenNetworks_whenRead_thenEach() {
    assertThat(file("parley.mqtt.proxies", "").get(MqttSettings.PROXIES)).isEmpty();
    assertThat(
            file("parley.mqtt.proxies", " 192.0.2.0/28 , 2001:db8::1,").get(MqttSettings.PROXIES))
        .extracting(Network::toString)
        .containsExactly("192.0.2.0/28", "2001:db8::1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"proxy.test", "192.0.2.1/28", "192.0.2.0/33", "0.0.0.0/0", "::/0", "10.0.0.1 ::1"})
  void givenNoNetworks_whenRead_thenRefused(String value) {
    assertRefused(
        "parley.mqtt.proxies",
        value,
        "parley.mqtt.proxies (PARLEY_MQTT_PROXIES) is \""
            + value
            + "\": use networks such as 192.0.2.0/28 or 2001:db8::/64, or addresses, separated by"
            + " commas, at most 100, none of length 0.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1023", "2GiB", "1.5MiB", "1 MiB", "1mib", "-1", "x", "17179869185GiB"})
  void givenBadSize_whenRead_thenTheRangeIsTold(String value) {
    assertRefused(
        "parley.pcp.max-message-size",
        value,
        "parley.pcp.max-message-size (PARLEY_PCP_MAX_MESSAGE_SIZE) is \""
            + value
            + "\": use bytes from 1024 to 1073741824, with KiB, MiB or GiB if you like.");
  }

  @ParameterizedTest
  @CsvSource({"1024, 1024", "1KiB, 1024", "3MiB, 3145728", "1GiB, 1073741824"})
  void givenSize_whenRead_thenInBytes(String value, long expected) {
    assertThat(file("parley.pcp.max-message-size", value).get(Settings.PCP_MAX_MESSAGE))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"500ms, 500", "30s, 30000", "6m, 360000", "1h, 3600000", "1d, 86400000"})
  void givenTime_whenRead_thenWithItsUnit(String value, long millis) {
    assertThat(file("parley.pcp.idle-timeout", value).get(Settings.PCP_IDLE_TIMEOUT))
        .isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({"5/s, 5, 1", "60/m, 60, 60", "1/h, 1, 3600", "0, 0, 1", "0/m, 0, 60"})
  void givenRate_whenRead_thenEventsInTheirPeriod(String value, long events, long seconds) {
    assertThat(file("parley.connections.rate", value).get(Settings.CONNECTION_RATE))
        .isEqualTo(new Rate(events, Duration.ofSeconds(seconds), 1));
  }

  @Test
  void givenBadValueWithLineBreaks_whenRefused_thenStillOneLine() {
    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(() -> file("parley.https.port", "1\r\n2"))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\r", "\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "parley.htps.port",
        "parley.",
        "parley.crl.hard.fail",
        "parley.HTTPS.PORT",
        "parley.https_port",
        "PARLEY_HTPS_PORT",
        "PARLEY_"
      })
  void givenUnknownKey_whenRead_thenOneLineWithItsName(String key) {
    assertRefused(
        key,
        "8443",
        key + " is not a setting of Parley: remove it, or correct its name (docs/settings.md).");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parley", "parleyx.port", "server.parley.port", "PARLEYX", "PATH"})
  void givenKeyOfSomebodyElse_whenRead_thenIgnored(String key) {
    assertThat(file(key, "x").get(Settings.HTTPS_PORT)).isEqualTo(9443);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PARLEY_CRL_HARD_FAIL", "parley.crl.hard.fail", "parley.crl.hard-fail"})
  void givenEnvironment_whenItsNameIsListedInAnySpelling_thenItsValueCounts(String listed) {
    var configuration = environment(List.of(listed), Map.of("PARLEY_CRL_HARD_FAIL", "false"));

    assertThat(configuration.get(Settings.CRL_HARD_FAIL)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"parley.keystore.pasword", "PARLEY_TRUSTSTORE_PASSWORT"})
  void givenPasswordUnderAMisspelledName_whenRefused_thenNotShown(String key) {
    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(() -> file(key, "s3cret"))
        .satisfies(e -> assertThat(e.getMessage()).contains(key).doesNotContain("s3cret"));
  }

  @Test
  void givenGoodPasswords_whenAnotherValueIsBad_thenNotShown() {
    var properties = new HashMap<String, String>();
    properties.put("parley.keystore.password", "s3cret");
    properties.put("parley.https.port", "x");

    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(() -> file(properties))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
  }
}
