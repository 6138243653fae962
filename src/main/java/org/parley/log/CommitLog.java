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
  }

  /**
   * Puts a command in order. What comes of it is told when it is as durable as it has to be: maybe
   * within this call, maybe later by another thread.
   */
  void submit(Command command);

  @Override
  void close();
}
