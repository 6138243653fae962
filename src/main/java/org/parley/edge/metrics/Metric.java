package org.parley.edge.metrics;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/**
 * One metric: what it is, and where its values come from when somebody asks. No label has a value
 * that a peer could choose, so there are as many values at the end of a year as on the first day.
 *
 * @param help one line
 * @param labels their names; every value comes with as many texts
 */
public record Metric(String name, Type type, List<String> labels, String help, Source source) {
  /** What may be done with the values. */
  public enum Type {
    /** It only rises, until the broker starts again. */
    COUNTER,
    GAUGE,
    /** Buckets, with a sum and a count. */
    HISTOGRAM;

    /** Returns its name in the text. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Tells the values as they are now. */
  @FunctionalInterface
  public interface Source {
    void read(Sink sink);
  }

  /** Takes values. */
  public interface Sink {
    /** One value, with the text of each label in their order. */
    void value(double value, String... labelTexts);

    /** The same for a count; one over 2^53 loses its last digits. */
    default void value(long count, String... labelTexts) {
      value((double) count, labelTexts);
    }

    /**
     * One bucket of a histogram; the last has no bound.
     *
     * @param bound the largest value that belongs to it; infinite for the last
     * @param cumulative how many values are not larger
     */
    void bucket(double bound, long cumulative);

    /** The sum and the number of all values of a histogram, after its buckets. */
    void total(double sum, long count);
  }

  public Metric {
    labels = List.copyOf(labels);
  }

  static Metric counter(String name, String help, DoubleSupplier value) {
    return counter(name, List.of(), help, sink -> sink.value(value.getAsDouble()));
  }

  static Metric counter(String name, List<String> labels, String help, Source source) {
    return new Metric(name, Type.COUNTER, labels, help, source);
  }

  static Metric gauge(String name, String help, DoubleSupplier value) {
    return gauge(name, List.of(), help, sink -> sink.value(value.getAsDouble()));
  }

  static Metric gauge(String name, List<String> labels, String help, Source source) {
    return new Metric(name, Type.GAUGE, labels, help, source);
  }

  static Metric histogram(String name, String help, Source source) {
    return new Metric(name, Type.HISTOGRAM, List.of(), help, source);
  }

  /** Returns a constant as the text of a label. */
  static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
