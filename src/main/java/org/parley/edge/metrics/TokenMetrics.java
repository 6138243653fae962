package org.parley.edge.metrics;

import static org.parley.edge.metrics.Metric.counter;
import static org.parley.edge.metrics.Metric.gauge;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What becomes of tokens that stand in place of MQTT passwords. */
public final class TokenMetrics {
  private static final double MILLIS_A_SECOND = 1_000;

  /**
   * The figures.
   *
   * @param undecided tokens that came while there were no keys
   * @param keys in force
   * @param age of the key set, since it was last seen to be the issuer's
   * @param failures to read or fetch one
   */
  public record Figures(
      long accepted, long refused, long undecided, int keys, Duration age, long failures) {}

  private TokenMetrics() {}

  /** Returns them, in the order of the reference. */
  public static List<Metric> of(Supplier<Optional<Figures>> figures) {
    return List.of(
        counter(
            "parley_mqtt_tokens_total",
            List.of("outcome"),
            "Tokens judged; no value of these if none are taken.",
            sink ->
                figures
                    .get()
                    .ifPresent(
                        now -> {
                          sink.value(now.accepted, "accepted");
                          sink.value(now.refused, "refused");
                          sink.value(now.undecided, "undecided");
                        })),
        gauge(
            "parley_mqtt_token_keys",
            List.of(),
            "Keys that tokens are checked by.",
            sink -> figures.get().ifPresent(now -> sink.value(now.keys))),
        gauge(
            "parley_mqtt_token_keys_age_seconds",
            List.of(),
            "How long ago these were last seen to be the issuer's.",
            sink ->
                figures.get().ifPresent(now -> sink.value(now.age.toMillis() / MILLIS_A_SECOND))),
        counter(
            "parley_mqtt_token_key_failures_total",
            List.of(),
            "Looks for newer keys that failed.",
            sink -> figures.get().ifPresent(now -> sink.value(now.failures))));
  }
}
