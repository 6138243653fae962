package org.parley.pcp.message;

import java.util.List;

/**
 * What an {@code inventory_request} asks (section 1.7).
 *
 * @param query which clients, see {@link InventoryFilter}; empty asks for none
 * @param subscribe true to hear of changes; false, or absent on the wire, ends a subscription
 */
public record InventoryRequest(List<PcpUri> query, boolean subscribe) {
  public InventoryRequest {
    query = List.copyOf(query);
  }
}
