package org.parley.websocket;

import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import org.glassfish.tyrus.spi.WebSocketEngine.UpgradeInfo;
import org.jspecify.annotations.Nullable;

/**
 * What the container makes for each upgraded request; hands over to {@link WebSocketConnection}.
 */
public final class UpgradeHandler implements HttpUpgradeHandler {
  private record Handshake(WebSocketRuntime runtime, UpgradeInfo upgrade) {}

  private @Nullable Handshake handshake;
  private volatile @Nullable WebSocketConnection connection;

  /** Gives what {@link #init} needs; called before the response is committed. */
  void prepare(WebSocketRuntime runtime, UpgradeInfo upgrade) {
    handshake = new Handshake(runtime, upgrade);
  }

  @Override
  public void init(WebConnection upgraded) {
    Handshake accepted = handshake;
    if (accepted == null) {
      LibertyConnections.closeQuietly(upgraded);
      return;
    }
    handshake = null;
    WebSocketConnection opened = null;
    try {
      opened = new WebSocketConnection(accepted.runtime, upgraded);
      connection = opened;
      opened.open(accepted.upgrade);
    } catch (IOException | RuntimeException fault) {
      FaultLog.engineFailed(fault);
      if (opened != null) {
        opened.abort();
      } else {
        LibertyConnections.closeQuietly(upgraded);
      }
    }
  }

  @Override
  public void destroy() {
    WebSocketConnection opened = connection;
    if (opened != null) {
      opened.abort();
    }
  }
}
