package org.parley.session;

import java.util.List;

/** The changes of the inventory since one moment, each once, in order. Used by one thread. */
public interface InventoryWatch extends AutoCloseable {
  /**
   * A watch and what it starts from.
   *
   * @param clients who was associated when the watch was opened, in no order
   * @param watch every change since then
   */
  record Opened(List<ClientUri> clients, InventoryWatch watch) {}

  /**
   * Returns the oldest changes not yet returned.
   *
   * @param most how many at the most
   */
  List<InventoryChange> poll(int most);

  /**
   * Returns whether this watch fell behind by more than the registry keeps; what it polls then is
   * not whole any more.
   */
  boolean overrun();

  /** Ends the watch; the registry keeps nothing for it any more. */
  @Override
  void close();
}
