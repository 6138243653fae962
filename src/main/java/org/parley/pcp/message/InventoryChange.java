package org.parley.pcp.message;

import org.parley.session.ClientUri;

/**
 * One change of the inventory, as an {@code inventory_update} tells it: {@code
 * {"client":URI,"change":1|-1}}.
 *
 * @param client whose session began or ended
 * @param kind which of the two
 */
public record InventoryChange(ClientUri client, Kind kind) {
  /** Whether a session began or ended. */
  public enum Kind {
    CONNECTED(1),
    DISCONNECTED(-1);

    private final int change;

    Kind(int change) {
      this.change = change;
    }

    /** Returns the number on the wire: 1 or -1. */
    public int change() {
      return change;
    }
  }
}
