package org.parley.session;

/** A client that came or went. */
public record InventoryChange(ClientUri client, Kind kind) {
  /** What happened to the client. */
  public enum Kind {
    ASSOCIATED(1),
    DISASSOCIATED(-1);

    private final int change;

    Kind(int change) {
      this.change = change;
    }

    /** Returns the number that stands for it in an inventory update. */
    public int change() {
      return change;
    }
  }
}
