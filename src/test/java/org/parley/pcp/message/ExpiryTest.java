package org.parley.pcp.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 1.3, the field {@code expires}. */
class ExpiryTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "0",
        "now",
        "2030-01-01",
        "12:00:00Z",
        "2030-01-01T12:00:00",
        "2030-01-01 12:00:00Z",
        "2030-01-01T24:00:00Z",
        "2030-01-01T12:60:00Z",
        "2030-02-30T12:00:00Z",
        "2030-13-01T12:00:00Z",
        "2030-01-01T12:00:00+19:00",
        "2030-01-01T12:00:00.1234567890Z",
        " 2030-01-01T12:00:00Z",
        "2030-01-01T12:00:00Z\n",
        "2030-01-01T12:00:00Z[UTC]",
        "+9999999999-01-01T00:00:00Z",
        "\u0662\u0660\u0663\u0660-01-01T12:00:00Z"
      })
  void givenTextThatIsNoDateAndTimeWithOffset_whenParsed_thenNone(String text) {
    assertThat(Expiry.parse(text)).isEmpty();
  }

  @Test
  void givenTextOverTheLimit_whenParsed_thenNone() {
    assertThat(Expiry.parse("2030-01-01T12:00:00." + "0".repeat(60) + "Z")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2030-01-31T12:00:00Z, 2030-01-31T12:00:00Z",
    "2030-01-31T12:00:00.25Z, 2030-01-31T12:00:00.250Z",
    "2030-01-31T12:00:00.123456Z, 2030-01-31T12:00:00.123456Z",
    "2030-01-31T12:00:00+01:30, 2030-01-31T10:30:00Z",
    "2030-01-31T12:00Z, 2030-01-31T12:00:00Z",
    "1970-01-01T00:00:00.000Z, 1970-01-01T00:00:00Z",
    "+999999999-12-31T23:59:59Z, +999999999-12-31T23:59:59Z",
    "-999999999-01-01T00:00:00+18:00, -1000000000-12-31T06:00:00Z"
  })
  void givenDateAndTime_whenParsed_thenTextAndMoment(String text, String instant) {
    assertThat(Expiry.parse(text)).contains(new Expiry(text, Instant.parse(instant)));
  }

  @Test
  void givenMoment_whenItComes_thenItHasPassedAndNotBefore() {
    var expiry = Expiry.parse("2030-01-31T12:00:00Z").orElseThrow();

    assertThat(expiry.passed(expiry.instant().minusNanos(1))).isFalse();
    assertThat(expiry.passed(expiry.instant())).isTrue();
    assertThat(expiry.passed(expiry.instant().plusNanos(1))).isTrue();
  }

  @Test
  void givenWhatTheBrokerWrites_whenParsed_thenItIsTheEpoch() {
    assertThat(Expiry.parse(Expiry.EPOCH.text())).contains(Expiry.EPOCH);
  }
}
