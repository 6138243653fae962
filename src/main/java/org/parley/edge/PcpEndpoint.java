package org.parley.edge;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.parley.pcp.broker.PcpBroker;

/**
 * PCP sessions. The filter sends all of the protocol's paths here: those of version 1 too, since
 * version 2 may be spoken on them, and those without a client_type.
 */
@Dependent
@ServerEndpoint("/pcp2/{client_type}")
public class PcpEndpoint {
  @Inject PcpBroker broker;
  @Inject SocketConnections connections;
  private volatile @Nullable PcpSocket socket;

  @OnOpen
  public void onOpen(Session session, @PathParam("client_type") String clientType) {
    var opened = PcpSocket.open(session, clientType, broker, connections);
    socket = opened;
    if (!session.isOpen()) {
      opened.closed(); // it closed before there was a socket to tell
    }
  }

  @OnMessage
  public void onText(String text) {
    var open = socket;
    if (open != null) {
      open.text(text);
    }
  }

  @OnMessage
  public void onBinary(byte[] payload) {
    var open = socket;
    if (open != null) {
      open.binary(payload);
    }
  }

  @OnMessage
  public void onPong(PongMessage pong) {
    var open = socket;
    if (open != null) {
      open.pong(pong.getApplicationData());
    }
  }

  @OnClose
  public void onClose() {
    var open = socket;
    if (open != null) {
      open.closed();
    }
  }

  @OnError
  public void onError(Session session, Throwable error) throws IOException {
    if (socket == null) {
      session.close(); // it was never a session of the broker
    }
    var open = socket;
    if (open != null) {
      open.failed(error);
    }
  }
}
