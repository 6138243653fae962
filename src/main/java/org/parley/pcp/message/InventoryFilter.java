package org.parley.pcp.message;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.parley.session.ClientUri;

/**
 * Which clients an inventory query covers: those that any of its elements matches (section 1.7).
 * Answers in constant time however long the query is; immutable.
 */
public final class InventoryFilter {
  private final Set<ClientUri> clients = new HashSet<>();
  private final Set<String> commonNames = new HashSet<>();
  private final Set<String> clientTypes = new HashSet<>();
  private final boolean everyone;

  /** Makes the filter of a query; an empty one covers nobody. */
  public InventoryFilter(Collection<PcpUri> query) {
    boolean all = false;
    for (PcpUri uri : query) {
      boolean anyName = uri.commonName().equals("*");
      boolean anyType = uri.clientType().equals("*");
      if (anyName && anyType) {
        all = true;
      } else if (anyName) {
        clientTypes.add(uri.clientType());
      } else if (anyType) {
        commonNames.add(uri.commonName());
      } else {
        uri.client().ifPresent(clients::add);
      }
    }
    everyone = all;
  }

  /** Tells whether the query covers a client. */
  public boolean matches(ClientUri client) {
    return everyone
        || clients.contains(client)
        || commonNames.contains(client.commonName())
        || clientTypes.contains(client.clientType());
  }
}
