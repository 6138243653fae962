package org.parley.edge.metrics;

import static org.parley.edge.metrics.Metric.counter;
import static org.parley.edge.metrics.Metric.gauge;
import static org.parley.edge.metrics.Metric.histogram;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.parley.log.CommitMeter;
import org.parley.log.StoreStatus;

/** What the store of durable state does. */
public final class StoreMetrics {
  private static final double MICROS_A_SECOND = 1_000_000;
  private static final double NANOS_A_SECOND = 1_000_000_000;

  private final Supplier<StoreStatus> status;

  private StoreMetrics(Supplier<StoreStatus> status) {
    this.status = status;
  }

  /** Returns them, in the order of the reference. */
  public static List<Metric> of(Supplier<StoreStatus> status) {
    return new StoreMetrics(status).all();
  }

  private List<Metric> all() {
    return List.of(
        gauge(
            "parley_store_failed",
            "1 once a write has failed: nothing is acknowledged until a restart.",
            () -> status.get().failed() ? 1 : 0),
        gauge(
            "parley_store_full",
            "1 while so little is left on the disk that nothing more is kept.",
            () -> status.get().full() ? 1 : 0),
        gauge(
            "parley_store_free_bytes",
            List.of(),
            "Left on the disk of the data folder; no value if nothing is kept.",
            sink -> status.get().freeBytes().ifPresent(bytes -> sink.value(bytes))),
        gauge(
            "parley_store_damaged_rows",
            "Rows that could not be read at a start, and were put aside.",
            () -> status.get().damagedRows()),
        gauge(
            "parley_store_waiting_bytes",
            "Changes that are not written yet, about.",
            () -> status.get().waitingBytes()),
        counter("parley_store_writes_total", "Batches written.", () -> count(CommitMeter::writes)),
        counter(
            "parley_store_syncs_total",
            "Batches for which the disk was waited for.",
            () -> count(CommitMeter::syncs)),
        counter(
            "parley_store_written_bytes_total",
            "Bytes of these batches, about.",
            () -> count(CommitMeter::bytes)),
        counter(
            "parley_store_commands_total",
            "Commands that waited for these batches.",
            () -> count(CommitMeter::commands)),
        gauge(
            "parley_store_largest_batch_commands",
            "The most commands that waited for one batch.",
            () -> count(CommitMeter::largestBatch)),
        histogram(
            "parley_store_write_seconds",
            "How long a batch takes, until the disk has it.",
            sink -> status.get().meter().ifPresent(meter -> times(meter, sink))));
  }

  private double count(ToLongFunction<CommitMeter> figure) {
    return status.get().meter().map(figure::applyAsLong).orElse(0L);
  }

  private static void times(CommitMeter meter, Metric.Sink sink) {
    double sum = meter.nanos() / NANOS_A_SECOND;
    var bounds = CommitMeter.boundsMicros();
    var counts = meter.counts();
    long cumulative = 0;
    for (int i = 0; i < bounds.length; i++) {
      cumulative += counts[i];
      sink.bucket(bounds[i] / MICROS_A_SECOND, cumulative);
    }
    cumulative += counts[bounds.length];
    sink.bucket(Double.POSITIVE_INFINITY, cumulative);
    sink.total(sum, cumulative);
  }
}
