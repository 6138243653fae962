package org.parley.websocket;

/**
 * What an endpoint may ask of its connection's input below whole messages. Under another engine
 * than this one it does nothing; so it knows nothing of either.
 */
public final class WebSocketInput {
  /** The input of the connection whose endpoint is being opened on this thread. */
  static final ScopedValue<WebSocketInput> OPENING = ScopedValue.newInstance();

  private final Runnable flush;
  private volatile Runnable onBytes = () -> {};

  /**
   * @param flush writes the frames of the reader that wait for its input to be processed
   */
  WebSocketInput(Runnable flush) {
    this.flush = flush;
  }

  /** Returns the input of the connection whose endpoint is being opened on this thread. */
  public static WebSocketInput ofOpening() {
    return OPENING.isBound() ? OPENING.get() : new WebSocketInput(() -> {});
  }

  /**
   * Has a task run whenever bytes come in, be they of the middle of a frame.
   *
   * @param task runs on the thread that reads, before the bytes are looked at; must be quick
   */
  public void onBytes(Runnable task) {
    onBytes = task;
  }

  /**
   * Is to be called on the thread that reads before an endpoint makes it wait: pongs and other
   * frames of this thread are written now, not when the input at hand has been processed.
   */
  public void beforeWait() {
    flush.run();
  }

  void bytesCame() {
    onBytes.run();
  }
}
