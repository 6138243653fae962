package org.parley.edge;

import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import org.parley.core.CloseReason;
import org.parley.core.Outbound;
import org.parley.core.Ticker;
import org.parley.pcp.broker.PcpBroker;
import org.parley.session.ClientSession;

/** One PCP WebSocket: what the container calls, translated for the broker. Decides nothing. */
final class PcpSocket {
  private static final Logger LOG = System.getLogger(PcpSocket.class.getName());

  private final PcpBroker broker;
  private final Ticker ticker;
  private final SocketConnection connection;
  private final ClientSession session;

  private PcpSocket(
      PcpBroker broker, Ticker ticker, SocketConnection connection, ClientSession session) {
    this.broker = broker;
    this.ticker = ticker;
    this.connection = connection;
    this.session = session;
  }

  /**
   * Begins the session of an admitted peer.
   *
   * @param clientType the path parameter
   * @throws IllegalStateException if the filter has not admitted this very path; fails closed
   */
  static PcpSocket open(
      Session socket, String clientType, PcpBroker broker, SocketConnections shared) {
    if (!(socket.getUserPrincipal() instanceof AdmittedPeer peer)
        || !peer.uri().clientType().equals(clientType)) {
      refuse(socket);
      throw new IllegalStateException("a WebSocket that was not admitted");
    }
    var connection = new SocketConnection(socket, peer, shared);
    var session = broker.associate(peer.uri(), peer.principal(), peer.pathProtocol(), connection);
    return new PcpSocket(broker, shared.ticker(), connection, session);
  }

  private static void refuse(Session socket) {
    try {
      var reason = CloseReason.ASSOCIATION_UNSUCCESSFUL;
      socket.close(
          new jakarta.websocket.CloseReason(
              CloseCodes.getCloseCode(reason.code()), reason.phrase()));
    } catch (IOException _) {
      LOG.log(Level.DEBUG, "gone before it was refused");
    }
  }

  void text(String text) {
    connection.awaitPeer();
    connection.meter().received(Outbound.Text.of(text).sizeBytes(), ticker.nanos());
    broker.receive(session, text);
  }

  void binary(byte[] payload) {
    connection.awaitPeer();
    connection.meter().received(payload.length, ticker.nanos());
    broker.receive(session, ByteBuffer.wrap(payload));
  }

  void pong(ByteBuffer payload) {
    connection.ponged(payload);
  }

  void closed() {
    connection.gone();
    broker.disconnected(session);
  }

  /** Our own fault: it costs this connection and nothing else. */
  void failed(Throwable error) {
    if (connection.closedFor().isEmpty()) {
      LOG.log(Level.ERROR, () -> "failed: " + session, error);
    }
    broker.disconnected(session);
    connection.close(CloseReason.INTERNAL_ERROR);
  }
}
