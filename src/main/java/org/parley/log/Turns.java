package org.parley.log;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.parley.mqtt.state.Command;

/**
 * Commands one at a time: what is submitted while one is at work, or while somebody is told, comes
 * after it. Guarded by a lock of its owner.
 */
final class Turns {
  private final Consumer<Command> work;
  private final ArrayDeque<Command> waiting = new ArrayDeque<>();
  private boolean working;

  /**
   * @param work applies a command and tells what came of it
   */
  Turns(Consumer<Command> work) {
    this.work = work;
  }

  /** Has a command its turn, before this returns unless one is at work. */
  void submit(Command command) {
    waiting.add(command);
    if (!working) {
      workOff();
    }
  }

  /** Does something else; what is submitted meanwhile comes after it. */
  void between(Runnable other) {
    working = true;
    other.run();
    workOff();
  }

  /** Those that wait have no turn any more. */
  void clear() {
    waiting.clear();
  }

  /**
   * An error of ours for one command, be it for want of memory, does not keep the others from
   * having their turn, now or later.
   */
  private void workOff() {
    Throwable fault = null;
    working = true;
    var command = waiting.poll();
    while (command != null) {
      try {
        work.accept(command);
      } catch (RuntimeException | Error thrown) {
        fault = thrown;
      }
      command = waiting.poll();
    }
    working = false;
    switch (fault) {
      case null -> {}
      case Error error -> throw error;
      case RuntimeException exception -> throw exception;
      default -> throw new IllegalStateException(fault);
    }
  }
}
