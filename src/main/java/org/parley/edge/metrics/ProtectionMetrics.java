package org.parley.edge.metrics;

import static org.parley.edge.metrics.Metric.counter;
import static org.parley.edge.metrics.Metric.gauge;

import java.util.List;
import java.util.function.IntSupplier;
import org.parley.limit.Flapping;

/** The metrics of what keeps peers out, by both protocols. */
public final class ProtectionMetrics {
  private ProtectionMetrics() {}

  /** Returns them, in the order of the reference. */
  public static List<Metric> of(IntSupplier bans, Flapping flapping) {
    return List.of(
        gauge("parley_bans", "Bans in the ban list, those that are over too.", bans::getAsInt),
        counter(
            "parley_flapping_bans_total",
            "Times that a client was kept out because it came and went too often.",
            flapping::bans));
  }
}
