package org.parley.policy;

import java.time.InstantSource;
import java.util.Optional;

/** The bans in force at the moment; one ends when its time has come. Any thread asks. */
public final class Bans {
  private record InForce(BanList list, long version) {}

  private final InstantSource clock;
  private volatile InForce inForce = new InForce(BanList.NONE, 0);

  /** Nobody is banned yet. */
  public Bans(InstantSource clock) {
    this.clock = clock;
  }

  /** Puts another list in force; one thread at a time. */
  public void enforce(BanList list) {
    inForce = new InForce(list, inForce.version + 1);
  }

  /** Returns a number that rises with each list. */
  public long version() {
    return inForce.version;
  }

  /** Returns how many bans are in the list. */
  public int size() {
    return inForce.list.size();
  }

  /** Returns the ban of an IP address. */
  public Optional<Ban> ofAddress(String remoteAddress) {
    return inForce.list.ofAddress(remoteAddress, clock.instant());
  }

  /** Returns the ban of the name that a certificate, or a login, has proved. */
  public Optional<Ban> ofIdentity(String name) {
    return inForce.list.ofIdentity(name, clock.instant());
  }

  /** Returns a ban of a peer, by whatever it is known by. */
  public Optional<Ban> of(Subject subject) {
    var list = inForce.list;
    if (list.size() == 0) {
      return Optional.empty();
    }
    var now = clock.instant();
    return list.ofAddress(subject.remoteAddress(), now)
        .or(() -> subject.commonName().flatMap(name -> list.ofIdentity(name, now)))
        .or(() -> subject.userName().flatMap(name -> list.ofIdentity(name, now)))
        .or(() -> subject.clientId().flatMap(id -> list.ofClientId(id, now)));
  }
}
