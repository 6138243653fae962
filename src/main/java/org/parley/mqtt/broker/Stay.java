package org.parley.mqtt.broker;

import org.jspecify.annotations.Nullable;
import org.parley.core.ByteWire;
import org.parley.mqtt.broker.Authentication.Verdict.Admitted;

/**
 * Tells authentication, once, that a peer that it has admitted is gone, whichever of the two comes
 * first. The owner of the wire calls.
 */
final class Stay {
  private final Authentication authentication;
  private final ByteWire.Peer peer;
  private @Nullable Admitted admitted;
  private boolean over;

  Stay(Authentication authentication, ByteWire.Peer peer) {
    this.authentication = authentication;
    this.peer = peer;
  }

  void begin(Admitted by) {
    admitted = by;
    if (over) {
      end();
    }
  }

  void end() {
    over = true;
    var ended = admitted;
    if (ended != null) {
      admitted = null;
      authentication.ended(peer, ended);
    }
  }
}
