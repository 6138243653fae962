package org.parley.edge.metrics;

import java.util.List;

/** Every metric there is. {@code docs/metrics.md} is checked against it. */
public final class Metrics {
  private final List<Metric> all;

  public Metrics(List<List<Metric>> parts) {
    this.all = parts.stream().flatMap(List::stream).toList();
  }

  /** Returns them, in the order of the reference. */
  public List<Metric> all() {
    return all;
  }
}
