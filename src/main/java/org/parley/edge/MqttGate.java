package org.parley.edge;

import org.parley.core.ByteWire;
import org.parley.edge.Admission.Handshake;
import org.parley.edge.Admission.Outcome;
import org.parley.transport.WebSocketOptions;
import org.parley.transport.WebSocketOptions.Answer;
import org.parley.transport.WebSocketOptions.HttpAnswer;
import org.parley.transport.WebSocketOptions.Request;

/** Opening handshakes on the ports that have MQTT over WebSocket alone: the same rules hold. */
final class MqttGate implements WebSocketOptions.Admission {
  /** No page comes from these ports, and so none has their origin: whoever says so has rebound. */
  private static final String NO_PAGES = "none of ours";

  private final Admission admission;
  private final HandshakeRefusals refusals;

  MqttGate(Admission admission, HandshakeRefusals refusals) {
    this.admission = admission;
    this.refusals = refusals;
  }

  @Override
  public Answer decide(Request request, ByteWire.Peer peer) {
    var handshake = handshake(request, peer);
    return switch (admission.decideMqtt(handshake)) {
      case Outcome.AdmittedMqtt(var admitted) -> new Answer.Accepted(admitted.subprotocol());
      case Outcome.Refused refused -> {
        refusals.log(handshake, refused, peer.remotePort());
        yield new Answer.Refused(
            new HttpAnswer(
                refused.refusal().status(),
                HandshakeRefusals.headers(refused),
                refused.refusal().phrase()));
      }
      case Outcome.Admitted _, Outcome.Page _ ->
          throw new IllegalStateException("decided for something else than MQTT");
    };
  }

  private static Handshake handshake(Request request, ByteWire.Peer peer) {
    var headers = new HandshakeHeaders(request::headers);
    boolean secure = peer.transport().equals("wss");
    return new Handshake(
        request.method(),
        request.rawPath(),
        headers.upgrade(),
        secure,
        headers.origin(),
        NO_PAGES,
        peer.chain(),
        peer.remoteAddress(),
        headers.subprotocols());
  }
}
