package org.parley.edge;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.parley.edge.mqtt.MqttSockets;
import org.parley.edge.mqtt.SocketWire;

/**
 * MQTT over WebSocket (MQTT 5.0 section 6). The filter lets only those through that offer a
 * subprotocol which is allowed, and leaves the one that it has chosen. Text has no handler: the
 * engine closes with 1003 [MQTT-6.0.0-1].
 */
@Dependent
@ServerEndpoint(
    value = RequestTarget.MQTT_PATH,
    subprotocols = {"mqtt", "mqttv3.1"})
public class MqttEndpoint {
  @Inject MqttSockets sockets;
  private volatile @Nullable SocketWire wire;

  @OnOpen
  public void onOpen(Session session) throws IOException {
    if (!(session.getUserPrincipal() instanceof AdmittedMqttPeer admitted)) {
      session.close(new CloseReason(CloseCodes.VIOLATED_POLICY, ""));
      throw new IllegalStateException("a WebSocket that was not admitted");
    }
    wire = sockets.open(session, admitted.peer());
    if (!session.isOpen()) {
      onClose(); // it closed before there was a wire to tell
    }
  }

  /** Takes a message or a part of one: packets have no regard for either [MQTT-6.0.0-2]. */
  @OnMessage
  public void onBinary(ByteBuffer part, boolean last) {
    var open = wire;
    if (open != null) {
      open.received(part);
    }
  }

  @OnClose
  public void onClose() {
    var open = wire;
    if (open != null) {
      wire = null;
      sockets.closed(open);
    }
  }

  @OnError
  public void onError(Session session, Throwable error) throws IOException {
    var open = wire;
    if (open == null) {
      session.close(); // it was never a wire
    } else {
      open.failed(error);
    }
  }
}
