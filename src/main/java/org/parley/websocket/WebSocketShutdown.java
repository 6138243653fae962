package org.parley.websocket;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Closes all connections when the application stops, while its beans are still there. Containers
 * call this listener before the application's own: one that wants to say goodbye in its own way
 * first takes the shutdown over, and runs it when it is done.
 */
public final class WebSocketShutdown implements ServletContextListener {
  private static final String ATTRIBUTE = "org.parley.websocket.shutdown";

  private final Runnable shutdown;
  private final AtomicBoolean takenOver = new AtomicBoolean();

  WebSocketShutdown(Runnable shutdown, ServletContext context) {
    this.shutdown = shutdown;
    context.setAttribute(ATTRIBUTE, this);
  }

  /** Returns what closes all connections; from now on nothing but the caller does. */
  public static Runnable takeOver(ServletContext context) {
    if (context.getAttribute(ATTRIBUTE) instanceof WebSocketShutdown listener) {
      listener.takenOver.set(true);
      return listener.shutdown;
    }
    return () -> {};
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    if (!takenOver.get()) {
      shutdown.run();
    }
  }
}
