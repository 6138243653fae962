package org.parley.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.parley.session.InventoryChange.Kind;

/**
 * The registry in memory. Look-ups take no lock; a change takes one for the map and the journal
 * together, so that every watch sees one order.
 */
public final class ConcurrentSessionRegistry implements SessionRegistry {
  private final ConcurrentHashMap<ClientUri, ClientSession> sessions = new ConcurrentHashMap<>();
  private final int journalLimit;
  private final SessionTally tally = new SessionTally();

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Watch> watches = new HashSet<>();

  /** The changes that some watch has not polled; the first one has the number {@code firstKept}. */
  private final ArrayList<InventoryChange> journal = new ArrayList<>();

  private long firstKept;

  /**
   * @param journalLimit how many changes are kept for the slowest watch; beyond it is overrun
   */
  public ConcurrentSessionRegistry(int journalLimit) {
    this.journalLimit = journalLimit;
  }

  @Override
  public Association associate(ClientSession session, SessionLimits limits) {
    lock.lock();
    try {
      var over = exceeded(session.uri(), session.connection().remoteAddress(), limits);
      return over.isPresent() ? new Association.Refused(over.get()) : begin(session);
    } finally {
      lock.unlock();
    }
  }

  /** Needs the lock. */
  private Association begin(ClientSession session) {
    var superseded = sessions.put(session.uri(), session);
    if (superseded != null) {
      tally.remove(superseded);
      record(session.uri(), Kind.DISASSOCIATED);
    }
    tally.add(session);
    record(session.uri(), Kind.ASSOCIATED);
    return new Association.Begun(Optional.ofNullable(superseded));
  }

  @Override
  public Optional<SessionLimits.Which> exceeded(
      ClientUri uri, String remoteAddress, SessionLimits limits) {
    return sessions.containsKey(uri)
        ? Optional.empty()
        : tally.reached(sessions.size(), uri.commonName(), remoteAddress, limits);
  }

  @Override
  public boolean disassociate(ClientSession session) {
    lock.lock();
    try {
      boolean removed = sessions.remove(session.uri(), session);
      if (removed) {
        tally.remove(session);
        record(session.uri(), Kind.DISASSOCIATED);
      }
      return removed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isCurrent(ClientSession session) {
    return sessions.get(session.uri()) == session;
  }

  @Override
  public Optional<ClientSession> find(ClientUri uri) {
    return Optional.ofNullable(sessions.get(uri));
  }

  @Override
  public Collection<ClientSession> sessions() {
    return Collections.unmodifiableCollection(sessions.values());
  }

  @Override
  public int size() {
    return sessions.size();
  }

  /** Returns how many sessions each identity and each network has. */
  SessionTally tally() {
    return tally;
  }

  @Override
  public InventoryWatch.Opened watch() {
    lock.lock();
    try {
      var watch = new Watch(firstKept + journal.size());
      watches.add(watch);
      return new InventoryWatch.Opened(List.copyOf(sessions.keySet()), watch);
    } finally {
      lock.unlock();
    }
  }

  /** Needs the lock. */
  private void record(ClientUri client, Kind kind) {
    if (watches.isEmpty()) {
      return;
    }
    journal.add(new InventoryChange(client, kind));
    if (journal.size() > journalLimit) {
      watches.stream().filter(watch -> watch.next == firstKept).toList().forEach(Watch::overrunNow);
      trim();
    }
  }

  /** Forgets what every watch has polled; needs the lock. */
  private void trim() {
    long end = firstKept + journal.size();
    long oldest = watches.stream().mapToLong(watch -> watch.next).min().orElse(end);
    journal.subList(0, (int) (oldest - firstKept)).clear();
    firstKept = oldest;
  }

  private final class Watch implements InventoryWatch {
    private long next;
    private volatile boolean overrun;

    Watch(long next) {
      this.next = next;
    }

    @Override
    public List<InventoryChange> poll(int most) {
      lock.lock();
      try {
        if (!watches.contains(this)) {
          return List.of();
        }
        int from = (int) (next - firstKept);
        int to = from + Math.min(journal.size() - from, most);
        var changes = List.copyOf(journal.subList(from, to));
        next += changes.size();
        trim();
        return changes;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean overrun() {
      return overrun;
    }

    private void overrunNow() {
      overrun = true;
      watches.remove(this);
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (watches.remove(this)) {
          trim();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
