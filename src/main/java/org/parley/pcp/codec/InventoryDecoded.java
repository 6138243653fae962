package org.parley.pcp.codec;

import org.parley.pcp.message.InventoryRequest;

/** What came of decoding the data of an {@code inventory_request}. */
public sealed interface InventoryDecoded {
  /** The data keeps every rule. */
  record Complete(InventoryRequest request) implements InventoryDecoded {}

  /**
   * The data breaks a rule; the peer is answered an {@code error_message} with this reason.
   *
   * @param reason one line fit for the peer
   */
  record Rejected(String reason) implements InventoryDecoded {}
}
