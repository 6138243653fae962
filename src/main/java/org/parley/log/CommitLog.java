package org.parley.log;

import java.util.List;
import org.parley.mqtt.state.Command;
import org.parley.mqtt.state.Event;

/** Brings commands into one order, applies them and tells what came of them. */
public interface CommitLog extends AutoCloseable {

  /** Hears what was applied, in order, one command at a time; does not block. */
  @FunctionalInterface
  interface Listener {
    void applied(Command command, List<Event> events);

    /** A write has failed: nothing is told any more. */
    default void failed() {}
  }

  /**
   * Puts a command in order. What comes of it is told when it is as durable as it has to be: maybe
   * within this call, maybe later by another thread.
   */
  void submit(Command command);

  /** Returns whether a write has failed: what is submitted comes to nothing. */
  default boolean failed() {
    return false;
  }

  /** Returns whether nothing more should be stored: the disk is nearly full. */
  default boolean full() {
    return false;
  }

  /** Returns whether more comes in than the disk can take: publishers should slow down. */
  default boolean pressed() {
    return false;
  }

  @Override
  void close();
}
