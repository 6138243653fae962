package org.parley.websocket;

import org.jspecify.annotations.Nullable;

/**
 * What an endpoint may ask of its connection's input below whole messages. Under another engine
 * than this one it does nothing.
 */
public final class WebSocketInput {
  private final @Nullable WebSocketConnection connection;

  private WebSocketInput(@Nullable WebSocketConnection connection) {
    this.connection = connection;
  }

  /** Returns the input of the connection whose endpoint is being opened on this thread. */
  public static WebSocketInput ofOpening() {
    return new WebSocketInput(
        WebSocketConnection.OPENING.isBound() ? WebSocketConnection.OPENING.get() : null);
  }

  /**
   * Has a task run whenever bytes come in, be they of the middle of a frame.
   *
   * @param task runs on the thread that reads, before the bytes are looked at; must be quick
   */
  public void onBytes(Runnable task) {
    if (connection != null) {
      connection.onBytes(task);
    }
  }

  /**
   * Is to be called on the thread that reads before an endpoint makes it wait: pongs and other
   * frames of this thread are written now, not when the input at hand has been processed.
   */
  public void beforeWait() {
    if (connection != null) {
      connection.flush();
    }
  }
}
