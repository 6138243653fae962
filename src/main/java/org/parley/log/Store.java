package org.parley.log;

import org.jspecify.annotations.Nullable;
import org.parley.mqtt.state.StateChanges;
import org.parley.mqtt.state.StateRows;

/**
 * Keeps the rows of the state on a disk. Changes are collected by one thread at a time, and written
 * by one thread, maybe another, all that was collected together or nothing of it.
 */
public interface Store extends AutoCloseable {

  /** What was collected and is not written yet. */
  interface Batch {
    /** Returns whether nothing has changed. */
    boolean isEmpty();

    /** Returns about how many bytes it has. */
    long bytes();
  }

  /** A write that has failed: nothing may be said to be durable any more. */
  final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String line;

    /**
     * @param line what has failed, for operators
     */
    public StoreException(String line, @Nullable Throwable cause) {
      super(line, cause);
      this.line = line;
    }

    /** Returns what has failed, in one line. */
    public String line() {
      return line;
    }
  }

  /**
   * Tells all rows: sessions first, then what they hold, entries in the order of their sequences,
   * messages before the entries that name them.
   *
   * @throws StoreException if they cannot be read
   */
  void load(StateRows rows) throws StoreException;

  /** Returns the time of the last write, milliseconds of the epoch; 0 if there was none. */
  long lastTime();

  /** Returns what collects changes. */
  StateChanges changes();

  /** Returns how many changes were collected since the store was opened. */
  long changed();

  /** Returns about how many bytes are collected. */
  long collectedBytes();

  /** Takes what is collected; collecting begins anew. */
  Batch take();

  /**
   * Writes a batch; with {@code sync} it is on the disk, with all that came before, when this
   * returns.
   *
   * @param time milliseconds of the epoch, as the state had it
   * @throws StoreException if that is not certain
   */
  void write(Batch batch, long time, boolean sync) throws StoreException;

  /**
   * Returns whether something has failed that the store does beside writes, and that a write may be
   * waiting for: it might wait for ever. Any thread may ask until the store is closed.
   */
  boolean broken();

  @Override
  void close();
}
