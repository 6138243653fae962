package org.parley.audit;

import java.util.Optional;
import java.util.function.Supplier;

/** Told of who did what, with which result. Must not block; any thread may tell. */
@FunctionalInterface
public interface AuditLog {
  /** Keeps no log. */
  AuditLog NONE = (_, _) -> {};

  /**
   * Takes one event, as of now.
   *
   * @param rule finds the rule that has denied it; asked only if the event gets a line of its own,
   *     by the thread that calls
   */
  void record(AuditEvent event, Supplier<Optional<String>> rule);

  /** Takes one event that has all that is known in it. */
  default void record(AuditEvent event) {
    record(event, event::rule);
  }
}
