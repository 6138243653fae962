package org.parley.edge.controller;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocketHandshakeException;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletionException;
import org.parley.core.LogText;
import org.parley.edge.settings.SettingException;
import org.parley.pcp.broker.ControllerAddress;

/**
 * Dials by the JDK's HTTP client. Each attempt has a client of its own, since a client has one TLS
 * context for life; it ends with the attempt, its threads too.
 */
final class HttpDialler implements Dialler {
  private static final Logger LOG = System.getLogger(HttpDialler.class.getName());

  private final LinkTls tls;
  private final LinkLimits limits;
  private final Scheduler scheduler;

  HttpDialler(LinkTls tls, LinkLimits limits, Scheduler scheduler) {
    this.tls = tls;
    this.limits = limits;
    this.scheduler = scheduler;
  }

  @Override
  public Wire dial(ControllerAddress address, Events events) {
    var wire = new HttpWire(events, limits, scheduler);
    // Reading the key stores takes its time.
    Thread.startVirtualThread(() -> connect(address, wire));
    return wire;
  }

  private void connect(ControllerAddress address, HttpWire wire) {
    try {
      var handshake = tls.handshake();
      var client =
          HttpClient.newBuilder()
              .sslContext(handshake.context())
              .sslParameters(handshake.parameters())
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .proxy(HttpClient.Builder.NO_PROXY)
              .connectTimeout(limits.connectTimeout())
              .executor(Thread::startVirtualThread)
              .build();
      if (!wire.begin(client, handshake)) {
        return;
      }
      var _ =
          client
              .newWebSocketBuilder()
              .connectTimeout(limits.connectTimeout())
              .buildAsync(URI.create(address.dialled()), wire)
              .whenComplete(
                  (_, failure) -> {
                    if (failure != null) {
                      wire.end(reason(failure));
                    }
                  });
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      wire.end(reason(e));
    }
  }

  /** Says in one log-safe line why an attempt failed. */
  static String reason(Throwable failure) {
    LOG.log(Level.TRACE, "dialling", failure);
    return switch (failure) {
      case CompletionException e when e.getCause() != null -> reason(e.getCause());
      case WebSocketHandshakeException e -> "status " + e.getResponse().statusCode();
      case SettingException e -> String.valueOf(e.getMessage());
      default ->
          failure.getClass().getSimpleName()
              + (failure.getMessage() == null ? "" : ": " + LogText.escape(failure.getMessage()));
    };
  }
}
