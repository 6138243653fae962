package org.parley.edge.auditlog;

import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.parley.audit.AuditEvent;
import org.parley.audit.AuditLog;
import org.parley.audit.AuditResult;
import org.parley.core.Ticker;
import org.parley.edge.linelog.LineLog;

/** The audit log of the broker: lines in a file, if the operator wants it. Nobody waits for it. */
public final class AuditTrail implements AuditLog, AutoCloseable {
  private final Optional<LineLog<AuditLine>> lines;
  private final Repetitions repetitions;
  private final InstantSource clock;
  private final Ticker ticker;
  private final Map<AuditResult, LongAdder> events = new EnumMap<>(AuditResult.class);
  private final LongAdder repeated = new LongAdder();

  private AuditTrail(
      Optional<LineLog<AuditLine>> lines, int capacity, InstantSource clock, Ticker ticker) {
    this.lines = lines;
    this.repetitions = new Repetitions(capacity);
    this.clock = clock;
    this.ticker = ticker;
    for (var result : AuditResult.values()) {
      events.put(result, new LongAdder());
    }
  }

  /** Returns the log of this form, to be started; one that is off takes events and forgets them. */
  public static AuditTrail open(
      AuditLogForm form, LineLog.Options options, InstantSource clock, Ticker ticker) {
    return new AuditTrail(
        switch (form) {
          case OFF -> Optional.empty();
          case JSON -> Optional.of(new LineLog<>("audit log", new AuditLayout(), options, clock));
        },
        options.capacity(),
        clock,
        ticker);
  }

  /** Begins to write. */
  public void start() {
    Repetitions.rehearse();
    lines.ifPresent(LineLog::start);
  }

  @Override
  public void record(AuditEvent event, Supplier<Optional<String>> rule) {
    if (lines.isEmpty()) {
      return;
    }
    count(event.result()).increment();
    if (event.result() != AuditResult.DENIED) {
      write(AuditLine.cut(event), 0);
      return;
    }
    var first = repetitions.first(event, rule, ticker.nanos());
    if (first.isPresent()) {
      write(first.get(), 0);
    } else {
      repeated.increment();
    }
  }

  /** Time has passed: to be called every second or so. */
  public void tick() {
    write(repetitions.due(ticker.nanos()));
  }

  private void write(List<Repetitions.Counted> counted) {
    counted.forEach(many -> write(many.event(), many.count()));
  }

  private void write(AuditEvent event, long count) {
    lines.ifPresent(log -> log.add(() -> new AuditLine(clock.millis(), event, count)));
  }

  private LongAdder count(AuditResult result) {
    return Objects.requireNonNull(events.get(result));
  }

  /** Returns how many events there were since the start. */
  public long events(AuditResult result) {
    return count(result).sum();
  }

  /** Returns how many of them have no line of their own, but were counted in another. */
  public long repeated() {
    return repeated.sum();
  }

  /** Returns how many lines were left out since the start. */
  public long dropped() {
    return lines.map(LineLog::dropped).orElse(0L);
  }

  /** Returns whether the last lines could not be written. */
  public boolean failing() {
    return lines.map(LineLog::failing).orElse(false);
  }

  @Override
  public void close() {
    write(repetitions.rest());
    lines.ifPresent(LineLog::close);
  }
}
