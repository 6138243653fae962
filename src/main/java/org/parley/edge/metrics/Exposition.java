package org.parley.edge.metrics;

import java.math.BigDecimal;
import java.util.List;

/** Writes metrics in the text format of Prometheus, version 0.0.4. */
final class Exposition implements Metric.Sink {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final int SIZE = 16 * 1024;
  private static final double EXACT = 1L << 53;

  private final StringBuilder out = new StringBuilder(SIZE);
  private String name = "";
  private List<String> labels = List.of();

  private Exposition() {}

  static String of(List<Metric> metrics) {
    var exposition = new Exposition();
    metrics.forEach(exposition::write);
    return exposition.out.toString();
  }

  private void write(Metric metric) {
    name = metric.name();
    labels = metric.labels();
    out.append("# HELP ").append(name).append(' ').append(metric.help()).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(metric.type().label()).append('\n');
    metric.source().read(this);
  }

  @Override
  public void value(double value, String... labelTexts) {
    if (labelTexts.length != labels.size()) {
      throw new IllegalArgumentException(name + " has " + labels.size() + " labels");
    }
    out.append(name);
    for (int i = 0; i < labelTexts.length; i++) {
      out.append(i == 0 ? '{' : ',').append(labels.get(i)).append("=\"");
      escape(labelTexts[i]);
      out.append('"');
    }
    end(labelTexts.length > 0 ? "} " : " ", value);
  }

  @Override
  public void bucket(double bound, long cumulative) {
    out.append(name).append("_bucket{le=\"");
    end(number(bound) + "\"} ", (double) cumulative);
  }

  @Override
  public void total(double sum, long count) {
    out.append(name);
    end("_sum ", sum);
    out.append(name);
    end("_count ", (double) count);
  }

  private void end(String before, double value) {
    out.append(before).append(number(value)).append('\n');
  }

  private static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    if (Double.isNaN(value)) {
      return "NaN";
    }
    return value == Math.rint(value) && Math.abs(value) < EXACT
        ? Long.toString((long) value)
        : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '"' -> out.append("\\\"");
        case '\n' -> out.append("\\n");
        default -> out.append(c);
      }
    }
  }
}
