package org.parley.websocket;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import java.io.IOException;
import java.util.Set;
import org.glassfish.tyrus.core.RequestContext;
import org.glassfish.tyrus.core.TyrusUpgradeResponse;
import org.glassfish.tyrus.spi.WebSocketEngine.UpgradeInfo;
import org.jspecify.annotations.Nullable;
import org.parley.websocket.protocol.OpeningHandshake;
import org.parley.websocket.protocol.OpeningHandshake.Refusal;

/**
 * The last filter: answers opening handshakes (RFC 6455 section 4.2) for the paths of endpoints and
 * lets every other request pass. It sees the request as the filters before it wrapped it.
 */
final class UpgradeFilter implements Filter {
  /** Named here so that its class is there when the WAR's file is not any more. */
  private static final Refusal AFTER_STOP = Refusal.STOPPING;

  private final Set<Class<?>> endpoints;
  private @Nullable EndpointContainer container;
  private @Nullable WebSocketRuntime runtime;

  UpgradeFilter(Set<Class<?>> endpoints) {
    this.endpoints = endpoints;
  }

  /** Deploys the endpoints; limits are read now, after the context listeners have run. */
  @Override
  public void init(FilterConfig config) throws ServletException {
    ServletContext context = config.getServletContext();
    WebSocketLimits limits = WebSocketLimits.of(context);
    WebSocketStatistics statistics = new WebSocketStatistics();
    context.setAttribute(WebSocketStatistics.ATTRIBUTE, statistics);
    WebSocketRuntime started = new WebSocketRuntime(limits, statistics, context.getClassLoader());
    EndpointContainer deployed = new EndpointContainer(endpoints, context.getContextPath(), limits);
    try {
      deployed.start(context.getContextPath(), 0);
    } catch (IOException | DeploymentException fault) {
      throw new ServletException("WebSocket endpoints cannot be deployed", fault);
    } finally {
      deployed.doneDeployment();
    }
    started.start();
    container = deployed;
    runtime = started;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse answer)
        || !OpeningHandshake.askedBy(new ServletHandshake(http))) {
      chain.doFilter(request, response);
      return;
    }
    Refusal refusal = OpeningHandshake.check(new ServletHandshake(http));
    if (refusal == null) {
      refusal = upgrade(http, answer, chain);
    }
    if (refusal != null) {
      refuse(answer, refusal.status(), refusal);
    }
  }

  @Override
  public void destroy() {
    stop();
  }

  /** Closes all connections; the application stops. */
  void stop() {
    WebSocketRuntime started = runtime;
    EndpointContainer deployed = container;
    runtime = null;
    container = null;
    if (started != null) {
      started.stop();
    }
    if (deployed != null) {
      deployed.stop();
    }
  }

  private @Nullable Refusal upgrade(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    WebSocketRuntime started = runtime;
    EndpointContainer deployed = container;
    if (started == null || deployed == null || started.stopping()) {
      return AFTER_STOP;
    }
    RequestContext context;
    try {
      context = EngineRequest.of(request);
    } catch (IllegalArgumentException notUri) {
      return Refusal.TARGET;
    }
    TyrusUpgradeResponse answer = new TyrusUpgradeResponse();
    UpgradeInfo upgrade;
    try {
      upgrade = deployed.getWebSocketEngine().upgrade(context, answer);
    } catch (RuntimeException fault) {
      FaultLog.handshakeFailed(fault);
      return Refusal.FAULT;
    }
    switch (upgrade.getStatus()) {
      case NOT_APPLICABLE -> chain.doFilter(request, response);
      case HANDSHAKE_FAILED -> refuse(response, answer.getStatus(), Refusal.ENGINE);
      case SUCCESS -> {
        request.upgrade(UpgradeHandler.class).prepare(started, upgrade);
        response.setStatus(HttpServletResponse.SC_SWITCHING_PROTOCOLS);
        answer
            .getHeaders()
            .forEach((name, values) -> response.addHeader(name, String.join(", ", values)));
        response.flushBuffer();
      }
    }
    return null;
  }

  private static void refuse(HttpServletResponse response, int status, Refusal refusal)
      throws IOException {
    response.setStatus(status);
    refusal.headers().forEach(response::setHeader);
    response.setContentType("text/plain");
    response.setCharacterEncoding("UTF-8");
    response.getWriter().println(refusal.text());
  }
}
