package org.parley.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** Keeps every event, with the rule that has denied it. */
public final class RecordingAuditLog implements AuditLog {
  private final Queue<AuditEvent> events = new ConcurrentLinkedQueue<>();

  @Override
  public void record(AuditEvent event, Supplier<Optional<String>> rule) {
    events.add(event.deniedBy(rule.get()));
  }

  /** Returns all events so far, in order. */
  public List<AuditEvent> events() {
    return List.copyOf(events);
  }

  /** Returns those of one action. */
  public List<AuditEvent> events(AuditAction action) {
    return events.stream().filter(event -> event.action() == action).toList();
  }

  /** Returns the one event of an action; there must be no other. */
  public AuditEvent only(AuditAction action) {
    assertThat(events(action)).hasSize(1);
    return events(action).getFirst();
  }
}
