package org.parley.session;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a subscriber believes: whom it started from, and every change added up. */
public final class InventoryTally {
  private final Map<ClientUri, Integer> connected = new HashMap<>();

  public InventoryTally(Collection<ClientUri> clients) {
    clients.forEach(client -> connected.merge(client, 1, Integer::sum));
    check();
  }

  /** Adds changes; at no moment is anybody there twice, or less than not at all. */
  public void add(List<InventoryChange> changes) {
    for (var change : changes) {
      connected.merge(change.client(), change.kind().change(), Integer::sum);
      check(change.client());
    }
  }

  /** Returns who is connected. */
  public Set<ClientUri> clients() {
    return connected.entrySet().stream()
        .filter(entry -> entry.getValue() == 1)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private void check() {
    connected.keySet().forEach(this::check);
  }

  private void check(ClientUri client) {
    int count = connected.getOrDefault(client, 0);
    if (count != 0 && count != 1) {
      throw new AssertionError(client + " is there " + count + " times");
    }
  }
}
