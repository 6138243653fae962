package org.parley.edge.metrics;

import java.util.List;
import java.util.stream.Stream;

/** Every metric there is. {@code docs/metrics.md} is checked against it. */
public final class Metrics {
  private final List<Metric> all;

  @SafeVarargs
  public Metrics(List<Metric>... parts) {
    this.all = Stream.of(parts).flatMap(List::stream).toList();
  }

  /** Returns them, in the order of the reference. */
  public List<Metric> all() {
    return all;
  }
}
