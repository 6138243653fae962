package org.parley.websocket;

import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Map;
import java.util.Set;
import org.glassfish.tyrus.core.TyrusWebSocketEngine;
import org.glassfish.tyrus.core.monitoring.ApplicationEventListener;
import org.glassfish.tyrus.core.monitoring.EndpointEventListener;
import org.glassfish.tyrus.core.monitoring.MessageEventListener;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.WebSocketEngine;

/** The engine with this application's endpoints. */
final class EndpointContainer extends TyrusServerContainer {
  private static final int FRAMES_BESIDE_A_MESSAGE = 64 * 1024;

  /**
   * Below 0: with 0, which says the same, Tyrus 2.2.2 has another thread look at the clock for each
   * message in or out, and the broker has half of its processor time left.
   */
  private static final long NEVER = -1;

  private final TyrusWebSocketEngine engine;
  private final String contextPath;

  EndpointContainer(Set<Class<?>> endpoints, String contextPath, WebSocketLimits limits) {
    super(endpoints);
    this.contextPath = contextPath;
    int largestMessage = Math.toIntExact(limits.maxMessageBytes());
    setDefaultMaxBinaryMessageBufferSize(largestMessage);
    setDefaultMaxTextMessageBufferSize(largestMessage);
    setDefaultMaxSessionIdleTimeout(NEVER);
    this.engine =
        TyrusWebSocketEngine.builder(this)
            .incomingBufferSize(largestMessage + FRAMES_BESIDE_A_MESSAGE)
            .applicationEventListener(new TraitsListener())
            .build();
  }

  @Override
  public void register(Class<?> endpoint) throws DeploymentException {
    engine.register(endpoint, contextPath);
  }

  @Override
  public void register(ServerEndpointConfig endpoint) throws DeploymentException {
    engine.register(endpoint, contextPath);
  }

  @Override
  public WebSocketEngine getWebSocketEngine() {
    return engine;
  }

  @Override
  public Map<String, Object> getProperties() {
    return Map.of();
  }

  /** Tells each connection, while it is opened, what its endpoint takes. */
  private static final class TraitsListener implements ApplicationEventListener {
    @Override
    public EndpointEventListener onEndpointRegistered(String path, Class<?> endpoint) {
      return new OpeningListener(EndpointTraits.of(endpoint));
    }

    @Override
    public void onApplicationInitialized(String name) {}

    @Override
    public void onApplicationDestroyed() {}

    @Override
    public void onEndpointUnregistered(String path) {}
  }

  private record OpeningListener(EndpointTraits traits) implements EndpointEventListener {
    @Override
    public MessageEventListener onSessionOpened(String session) {
      WebSocketConnection.OPENING.get().narrow(traits);
      return MessageEventListener.NO_OP;
    }

    @Override
    public void onSessionClosed(String session) {}

    @Override
    public void onError(String session, Throwable fault) {}
  }
}
