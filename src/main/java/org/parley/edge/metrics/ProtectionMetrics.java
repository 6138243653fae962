package org.parley.edge.metrics;

import static org.parley.edge.metrics.Metric.counter;
import static org.parley.edge.metrics.Metric.gauge;

import java.util.List;
import java.util.function.IntSupplier;
import org.parley.limit.Flapping;
import org.parley.limit.Shedding;

/** The metrics of what keeps peers out, by both protocols. */
public final class ProtectionMetrics {
  private ProtectionMetrics() {}

  /** Returns them, in the order of the reference. */
  public static List<Metric> of(IntSupplier bans, Flapping flapping, Shedding shedding) {
    return List.of(
        gauge("parley_bans", "Bans in the ban list, those that are over too.", bans::getAsInt),
        counter(
            "parley_flapping_bans_total",
            "Times that a client was kept out because it came and went too often.",
            flapping::bans),
        gauge(
            "parley_memory_used_ratio",
            "Share of the memory that is in use after garbage collection, of the heap or of network"
                + " buffers, whichever is fuller.",
            shedding::share),
        gauge(
            "parley_memory_shedding",
            "1 while nobody new is let in for it, else 0.",
            () -> shedding.active() ? 1 : 0),
        counter(
            "parley_memory_shed_total",
            "Newcomers refused for it, by both protocols.",
            shedding::refused));
  }
}
