package org.parley.websocket;

import org.jspecify.annotations.Nullable;

/**
 * What an endpoint may ask of its connection's input below whole messages. Under another engine
 * than this one it does nothing; so it knows nothing of either.
 */
public final class WebSocketInput {
  /** The input of the connection whose endpoint is being opened on this thread. */
  static final ScopedValue<WebSocketInput> OPENING = ScopedValue.newInstance();

  private final Runnable flush;
  private final @Nullable Runnable abort;
  private volatile Runnable onBytes = () -> {};
  private volatile Runnable onEnd = () -> {};

  /**
   * @param flush writes the frames of the reader that wait for its input to be processed
   * @param abort ends the connection without a closing handshake; null under another engine
   */
  WebSocketInput(Runnable flush, @Nullable Runnable abort) {
    this.flush = flush;
    this.abort = abort;
  }

  /** Returns the input of the connection whose endpoint is being opened on this thread. */
  public static WebSocketInput ofOpening() {
    return OPENING.isBound() ? OPENING.get() : new WebSocketInput(() -> {}, null);
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
   * Has a task run whenever all of the input at hand has been given to the endpoint, on the thread
   * that reads. What the endpoint sends then leaves together with what it sent before.
   */
  public void onEnd(Runnable task) {
    onEnd = task;
  }

  /** Returns whether the engine says when the input at hand ends: only this one does. */
  public boolean endsRounds() {
    return abort != null;
  }

  /**
   * Ends the connection at once: what waits to be written is lost.
   *
   * @return false: the engine cannot, nothing was done
   */
  public boolean abort() {
    if (abort != null) {
      abort.run();
    }
    return abort != null;
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

  void bytesEnded() {
    onEnd.run();
  }
}
