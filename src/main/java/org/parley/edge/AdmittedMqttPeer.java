package org.parley.edge;

import java.security.Principal;
import org.parley.core.ByteWire;

/**
 * What the filter found out about an MQTT client, on its way to the endpoint as the request's
 * principal. Who it is shows when its CONNECT is there.
 *
 * @param subprotocol that is chosen among those it offers
 */
record AdmittedMqttPeer(ByteWire.Peer peer, String subprotocol) implements Principal {
  /** Returns this peer with the port that it comes from. */
  AdmittedMqttPeer from(int port) {
    return new AdmittedMqttPeer(
        new ByteWire.Peer(peer.transport(), peer.remoteAddress(), port, peer.chain()), subprotocol);
  }

  @Override
  public String getName() {
    return peer.transport() + " " + peer.remoteAddress();
  }
}
