package org.parley.mqtt.broker;

import java.util.ArrayList;
import java.util.List;
import org.parley.mqtt.broker.ExpectedCopy.Publication;

/** A message that one member of a group gets: whoever it is, no other does. */
final class ExpectedShare {
  final Publication publication;
  final String group;
  final long place;

  /** Copies for those who may get it. */
  final List<ExpectedCopy> candidates = new ArrayList<>(3);

  /** It may have been given on to another member: it has lost its place. */
  boolean moved;

  /** It may be lost. */
  boolean optional;

  ExpectedShare(Publication publication, String group, long place) {
    this.publication = publication;
    this.group = group;
    this.place = place;
    this.optional = publication.content().isImmediate();
  }

  /** It was sent to this member, and to nobody else. */
  void decide(ExpectedCopy chosen) {
    for (var other : candidates) {
      if (other != chosen) {
        other.session.forget(other);
      }
    }
    candidates.clear();
    candidates.add(chosen);
  }

  /** A member that may have it is gone for good. */
  void withdraw(ExpectedCopy copy) {
    candidates.remove(copy);
  }
}
