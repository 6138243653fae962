package org.parley.edge.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExpositionTest {

  private static String text(Metric metric) {
    return Exposition.of(List.of(metric));
  }

  @Test
  void givenCounter_whenWritten_thenHelpTypeAndValue() {
    assertThat(text(Metric.counter("a_total", "What it counts.", () -> 12)))
        .isEqualTo("# HELP a_total What it counts.\n# TYPE a_total counter\na_total 12\n");
  }

  @Test
  void givenLabels_whenWritten_thenEscapedAsTheFormatWants() {
    var gauge =
        Metric.gauge(
            "a",
            List.of("x", "y"),
            "Help.",
            sink -> {
              sink.value(0.5, "plain", "\"quoted\" \\ \n");
              sink.value(-1, "", "ä");
            });

    assertThat(text(gauge))
        .endsWith("a{x=\"plain\",y=\"\\\"quoted\\\" \\\\ \\n\"} 0.5\na{x=\"\",y=\"ä\"} -1\n");
  }

  @Test
  void givenHistogram_whenWritten_thenBucketsSumAndCount() {
    var histogram =
        Metric.histogram(
            "h_seconds",
            "Help.",
            sink -> {
              sink.bucket(0.00005, 1);
              sink.bucket(Double.POSITIVE_INFINITY, 3);
              sink.total(2.25, 3);
            });

    assertThat(text(histogram))
        .isEqualTo(
            """
            # HELP h_seconds Help.
            # TYPE h_seconds histogram
            h_seconds_bucket{le="0.00005"} 1
            h_seconds_bucket{le="+Inf"} 3
            h_seconds_sum 2.25
            h_seconds_count 3
            """);
  }

  @Test
  void givenNumbers_whenWritten_thenWithoutExponents() {
    assertThat(text(Metric.gauge("g", "Help.", () -> 1.7e12))).endsWith("\ng 1700000000000\n");
    assertThat(text(Metric.gauge("g", "Help.", () -> 1e-9))).endsWith("\ng 0.000000001\n");
    assertThat(text(Metric.gauge("g", "Help.", () -> Double.NaN))).endsWith("\ng NaN\n");
    assertThat(text(Metric.gauge("g", "Help.", () -> Double.NEGATIVE_INFINITY)))
        .endsWith("\ng -Inf\n");
  }

  @Test
  void givenValueWithoutItsLabels_whenWritten_thenAFaultOfOurs() {
    var gauge = Metric.gauge("a", List.of("x"), "Help.", sink -> sink.value(1));

    assertThatThrownBy(() -> text(gauge)).isInstanceOf(IllegalArgumentException.class);
  }
}
