package org.parley.edge.auditlog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.parley.audit.AuditAction;
import org.parley.audit.AuditEvent;
import org.parley.audit.AuditPeer;
import org.parley.audit.AuditResult;
import org.parley.session.PeerNetwork;

/**
 * What is denied to one peer again and again: the first time is told at once, the others by their
 * number, once a minute and at the end. No denial goes uncounted, and nobody fills the log with
 * denials: a peer that tries many things, and peers beyond those that are told apart, are counted
 * together.
 */
final class Repetitions {
  static final Duration PERIOD = Duration.ofMinutes(1);

  /** Things denied to one peer within the period that are told apart. */
  static final int THINGS_A_PEER = 20;

  private static final AuditEvent OTHERS =
      AuditEvent.of(AuditAction.OTHERS, AuditResult.DENIED, "too_many_peers");

  /**
   * What is the same thing.
   *
   * @param peer who proves to be the same, or nobody, from the same network
   * @param who it says it is, without its port; empty: whatever else is denied to the peer
   */
  private record Thing(
      String peer,
      AuditAction action,
      Optional<AuditPeer> who,
      String reason,
      Optional<String> object) {
    static Thing of(String peer, AuditEvent event) {
      return new Thing(
          peer,
          event.action(),
          event.peer().map(Thing::withoutPort),
          event.reason(),
          event.object());
    }

    static Thing anything(String peer, AuditEvent event) {
      return new Thing(peer, event.action(), Optional.empty(), "", Optional.empty());
    }

    private static AuditPeer withoutPort(AuditPeer peer) {
      return new AuditPeer(
          peer.protocol(),
          peer.listener(),
          peer.remoteAddress(),
          0,
          peer.identity(),
          peer.userName(),
          peer.serial(),
          peer.client());
    }

    boolean isAnything() {
      return who.isEmpty();
    }
  }

  /** How often a thing was denied after it was told the last time. */
  private static final class Told {
    private final AuditEvent event;
    private long sinceNanos;
    private long more;

    Told(AuditEvent event, long sinceNanos) {
      this.event = event;
      this.sinceNanos = sinceNanos;
    }
  }

  /**
   * Events that one line stands for.
   *
   * @param event one of them; of different ones what they have in common
   */
  record Counted(AuditEvent event, long count) {}

  private final int most;

  /** In the order in which they were told. */
  private final LinkedHashMap<Thing, Told> things = new LinkedHashMap<>();

  private final Map<String, Integer> thingsOfPeer = new HashMap<>();
  private long others;

  /**
   * @param most things of all peers that are told apart
   */
  Repetitions(int most) {
    this.most = most;
  }

  /**
   * Does all of it once: when the application is stopped because its file has been removed, no
   * further class can be loaded.
   */
  static void rehearse() {
    var repetitions = new Repetitions(1);
    for (var reason : List.of("one", "one", "another")) {
      var denied = AuditEvent.of(AuditAction.OTHERS, AuditResult.DENIED, reason);
      var _ = repetitions.first(denied, Optional::empty, 0);
    }
    var _ = repetitions.due(PERIOD.toNanos());
    var _ = repetitions.rest();
  }

  /**
   * Takes a denial.
   *
   * @return it, with its rule, if it is to be told now; empty if it was counted
   */
  synchronized Optional<AuditEvent> first(
      AuditEvent denied, Supplier<Optional<String>> rule, long nanos) {
    var event = AuditLine.cut(denied);
    var peer = peer(event);
    var thing = Thing.of(peer, event);
    var told = things.get(thing);
    if (told == null && thingsOfPeer.getOrDefault(peer, 0) >= THINGS_A_PEER) {
      thing = Thing.anything(peer, event);
      told = things.get(thing);
    }
    if (told != null) {
      told.more++;
      return Optional.empty();
    }
    if (things.size() >= most) {
      others++;
      return Optional.empty();
    }
    var whole = AuditLine.cut(event.deniedBy(rule.get()));
    things.put(thing, new Told(whole, nanos));
    thingsOfPeer.merge(peer, 1, Integer::sum);
    return Optional.of(whole);
  }

  /** What it may choose itself, such as its Client Identifier, is no part of it. */
  private static String peer(AuditEvent event) {
    return event.peer().map(Repetitions::peer).orElse("");
  }

  private static String peer(AuditPeer peer) {
    return PeerNetwork.of(peer.remoteAddress()) + ' ' + peer.identity().orElse("");
  }

  /** Returns what was counted, of things that were told a period ago. */
  synchronized List<Counted> due(long nanos) {
    var due = new ArrayList<Counted>();
    var again = new LinkedHashMap<Thing, Told>();
    var each = things.entrySet().iterator();
    while (each.hasNext()) {
      var entry = each.next();
      var told = entry.getValue();
      if (nanos - told.sinceNanos < PERIOD.toNanos()) {
        break;
      }
      each.remove();
      if (told.more > 0) {
        due.add(counted(entry.getKey(), told));
        told.more = 0;
        told.sinceNanos = nanos;
        again.put(entry.getKey(), told);
      } else {
        thingsOfPeer.computeIfPresent(
            entry.getKey().peer, (_, count) -> count > 1 ? count - 1 : null);
      }
    }
    things.putAll(again);
    addOthers(due);
    return due;
  }

  /** Returns all that was counted. */
  synchronized List<Counted> rest() {
    var rest = new ArrayList<Counted>();
    things.forEach(
        (thing, told) -> {
          if (told.more > 0) {
            rest.add(counted(thing, told));
          }
        });
    things.clear();
    thingsOfPeer.clear();
    addOthers(rest);
    return rest;
  }

  private static Counted counted(Thing thing, Told told) {
    var event = told.event;
    return new Counted(thing.isAnything() ? common(event) : event, told.more);
  }

  private static AuditEvent common(AuditEvent event) {
    var several = AuditEvent.of(event.action(), event.result(), "several");
    return event.peer().map(peer -> several.by(withoutChoice(peer))).orElse(several);
  }

  private static AuditPeer withoutChoice(AuditPeer peer) {
    return new AuditPeer(
        peer.protocol(),
        peer.listener(),
        peer.remoteAddress(),
        0,
        peer.identity(),
        Optional.empty(),
        peer.serial(),
        Optional.empty());
  }

  private void addOthers(List<Counted> counted) {
    if (others > 0) {
      counted.add(new Counted(OTHERS, others));
      others = 0;
    }
  }
}
