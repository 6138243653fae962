package org.parley.edge.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.parley.limit.Rate;
import org.parley.pcp.broker.ControllerAddress;
import org.parley.pcp.message.PcpUri;

/**
 * Any text for any setting: a value within its bounds, or one line with the key and the remedy. The
 * first byte of an input says which setting.
 */
class ParsersFuzzTest {
  private static final List<Setting<?>> ALL = Settings.all();
  private static final Map<String, Long> BYTES =
      Map.of("", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);
  private static final Map<String, Long> MILLISECONDS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  @FuzzTest(maxDuration = "10m")
  void givenAnyText_whenRead_thenAValueWithinItsBoundsOrALine(byte[] input) {
    if (input.length == 0) {
      return;
    }
    var text = new String(input, 1, input.length - 1, StandardCharsets.UTF_8);
    assertConfigures(ALL.get((input[0] & 0xFF) % ALL.size()), text);

    parse(Parsers.number(-5, 70_000), text).ifPresent(n -> assertThat(n).isBetween(-5, 70_000));
    parse(Parsers.bytes(1_000, 1L << 40), text)
        .ifPresent(
            size ->
                assertThat(size)
                    .isBetween(1_000L, 1L << 40)
                    .isEqualTo(number(text, BYTES).longValueExact()));
    parse(Parsers.DURATIONS, text)
        .ifPresent(
            time ->
                assertThat(time.toMillis())
                    .isNotNegative()
                    .isEqualTo(number(text, MILLISECONDS).longValueExact()));
    parse(Parsers.duration(Duration.ofMillis(5), Duration.ofDays(2)), text)
        .ifPresent(time -> assertThat(time).isBetween(Duration.ofMillis(5), Duration.ofDays(2)));
    parse(Parsers.RATES, text).ifPresent(rate -> assertIsRate(rate, text));
    parse(Parsers.CONTROLLER_ADDRESSES, text).ifPresent(ParsersFuzzTest::assertCanBeDialled);
    parse(Parsers.MESSAGE_TYPES, text)
        .ifPresent(
            types ->
                assertThat(types).hasSizeLessThanOrEqualTo(100).allMatch(ParsersFuzzTest::isUri));
  }

  private static void assertConfigures(Setting<?> setting, String text) {
    Configuration configuration;
    try {
      configuration =
          Configuration.read(
              List.of(setting.key()),
              key -> key.equals(setting.key()) ? Optional.of(text) : Optional.empty());
    } catch (SettingException e) {
      assertThat(e.getMessage())
          .startsWith(setting.key() + " (" + setting.environmentName() + ") is \"")
          .contains("\": use ")
          .doesNotContainPattern("\\p{Cntrl}");
      return;
    }
    assertThat(configuration.<Object>get(any(setting))).isNotNull();
  }

  @SuppressWarnings("unchecked") // whatever its type is
  private static Setting<Object> any(Setting<?> setting) {
    return (Setting<Object>) setting;
  }

  private static <T> Optional<T> parse(Setting.Parser<T> parser, String text) {
    try {
      return Optional.of(parser.parse(text));
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).startsWith("use ").isPrintable();
      return Optional.empty();
    }
  }

  /** Returns what a text of digits and a unit says. */
  private static BigInteger number(String text, Map<String, Long> units) {
    assertThat(text).matches("[0-9]+[A-Za-z]*");
    var digits = text.replaceAll("[A-Za-z]", "");
    return new BigInteger(digits)
        .multiply(BigInteger.valueOf(units.getOrDefault(text.substring(digits.length()), 0L)));
  }

  private static void assertIsRate(Rate rate, String text) {
    if (text.equals("0")) {
      assertThat(rate).isEqualTo(Rate.UNLIMITED);
      return;
    }
    assertThat(text).matches("[0-9]{1,9}/[smh]");
    assertThat(rate.events()).isEqualTo(Long.parseLong(text.substring(0, text.indexOf('/'))));
    assertThat(rate.limited()).isEqualTo(rate.events() > 0);
  }

  private static void assertCanBeDialled(List<ControllerAddress> addresses) {
    assertThat(addresses).hasSizeLessThanOrEqualTo(32).doesNotHaveDuplicates();
    for (var address : addresses) {
      assertThat(address.dialled()).isPrintable().startsWith("wss://" + address.authority());
      assertThat(ControllerAddress.parse("wss://" + address.authority() + address.path()))
          .contains(address);
      var named = address.uri();
      assertThat(PcpUri.parse(named.toString()).orElseThrow().client()).contains(named);
    }
  }

  private static boolean isUri(String type) {
    return type.contains("/") && type.matches("\\p{Graph}{1,300}");
  }
}
