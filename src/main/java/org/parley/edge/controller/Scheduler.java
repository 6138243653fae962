package org.parley.edge.controller;

import java.time.Duration;

/** Runs a task once, later; not at all after the broker has stopped. */
@FunctionalInterface
public interface Scheduler {
  void after(Duration delay, Runnable task);
}
