package org.parley.edge.mqtt;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.parley.core.ByteWire;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.MqttSettings;
import org.parley.edge.settings.Setting;
import org.parley.edge.settings.SettingException;
import org.parley.edge.settings.Settings;
import org.parley.transport.EventLoops;
import org.parley.transport.ProxyOptions;
import org.parley.transport.ProxyRefusal;
import org.parley.transport.TcpListener;
import org.parley.transport.TlsContextProvider;
import org.parley.transport.TlsOptions;
import org.parley.transport.WebSocketOptions;

/** The listeners of MQTT over TCP, TLS and WebSocket, from start to stop. */
public final class MqttListeners {
  /** As {@code server.xml} has it for HTTPS. */
  static final List<String> CIPHER_SUITES =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  /**
   * Elliptic curves alone: in the finite fields of RFC 7919, of up to 8192 bits, a client makes the
   * broker work hard by sending a constant.
   */
  static final List<String> GROUPS =
      List.of("x25519", "secp256r1", "secp384r1", "x448", "secp521r1");

  static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

  private static final Logger LOG = System.getLogger(MqttListeners.class.getName());

  /** The name that IANA has registered for ALPN. */
  private static final String APPLICATION_PROTOCOL = "mqtt";

  /** What a WebSocket begins with; a client that offers HTTP/2 alone is refused. */
  private static final String HTTP = "http/1.1";

  /** Connections that may wait to be accepted; the kernel has a limit of its own. */
  private static final int BACKLOG = 1024;

  private static final Duration STOP = Duration.ofSeconds(2);

  /**
   * One listener as the operator sees it.
   *
   * @param name {@code tcp}, {@code tls}, {@code ws} or {@code wss}
   * @param address where it listens; empty: it has been stopped, or could not be opened again
   * @param refused connections that were closed for being too many
   * @param banned connections that were closed for their address
   * @param failedOpenings opening handshakes of WebSocket that were malformed, or not whole in time
   * @param violations WebSockets that were ended for what their peers sent
   * @param proxied connections with a good PROXY header
   * @param refusedHeaders connections of proxies that were closed for their header
   */
  public record State(
      String name,
      Optional<InetSocketAddress> address,
      int connections,
      long accepted,
      long refused,
      long banned,
      long failedHandshakes,
      long failedOpenings,
      long violations,
      long proxied,
      Map<ProxyRefusal, Long> refusedHeaders) {}

  /** What is configured: a port other than 0. */
  private record Way(
      String name,
      Setting<Integer> port,
      String host,
      Optional<TlsOptions> tls,
      Optional<WebSocketOptions> webSocket) {}

  private final Configuration configuration;
  private final ByteWire.Acceptor acceptor;
  private final Predicate<String> banned;
  private final Optional<ProxyOptions> proxies;
  private final List<Way> ways = new CopyOnWriteArrayList<>();
  private volatile List<TcpListener> listeners = List.of();
  private volatile @Nullable EventLoops loops;
  private volatile boolean paused;

  /**
   * @param contexts asked only if there is a listener for TLS
   * @param banned whether an address is
   * @param webSocket how WebSocket is spoken on its ports
   */
  public MqttListeners(
      Configuration configuration,
      ByteWire.Acceptor acceptor,
      TlsContextProvider contexts,
      Optional<ProxyOptions> proxies,
      Predicate<String> banned,
      WebSocketOptions webSocket) {
    this.configuration = configuration;
    this.acceptor = acceptor;
    this.proxies = proxies;
    this.banned = banned;
    var host = configuration.get(MqttSettings.HOST);
    var own = configuration.get(MqttSettings.TLS_HOST);
    var tlsHost = own.isEmpty() ? configuration.get(Settings.HOST) : own;
    var tls = Optional.of(tls(contexts, APPLICATION_PROTOCOL));
    var https = Optional.of(tls(contexts, HTTP));
    var frames = Optional.of(webSocket);
    add(new Way("tcp", MqttSettings.PORT, host, Optional.empty(), Optional.empty()));
    add(new Way("tls", MqttSettings.TLS_PORT, tlsHost, tls, Optional.empty()));
    add(new Way("ws", MqttSettings.WS_PORT, host, Optional.empty(), frames));
    add(new Way("wss", MqttSettings.WSS_PORT, tlsHost, https, frames));
  }

  private void add(Way way) {
    if (configuration.get(way.port) > 0) {
      ways.add(way);
    }
  }

  private TlsOptions tls(TlsContextProvider contexts, String applicationProtocol) {
    return new TlsOptions(
        contexts,
        VERSIONS,
        CIPHER_SUITES,
        GROUPS,
        applicationProtocol,
        configuration.get(MqttSettings.TLS_CLIENT),
        configuration.get(MqttSettings.TLS_HANDSHAKE));
  }

  /**
   * Takes the ports that are configured, and waits for nobody. Who connects waits until {@link
   * #accept}.
   *
   * @throws SettingException if a port cannot be had; then none is taken
   */
  public void start() {
    if (ways.isEmpty()) {
      return;
    }
    int threads = configuration.get(MqttSettings.THREADS);
    var started =
        EventLoops.start(
            threads > 0 ? threads : Runtime.getRuntime().availableProcessors(),
            MqttListeners.class.getClassLoader());
    loops = started;
    try {
      bind(started);
    } catch (SettingException e) {
      stop();
      throw e;
    }
  }

  private void bind(EventLoops started) {
    var bound = new ArrayList<TcpListener>();
    for (var way : List.copyOf(ways)) {
      try {
        bound.add(bind(started, way));
        listeners = List.copyOf(bound);
      } catch (SettingException e) {
        if (!isUnasked(way)) {
          throw e;
        }
        ways.remove(way);
        LOG.log(Level.WARNING, e.getMessage() + " The broker does without it.");
      }
    }
  }

  /** A port of WebSocket that nobody has named: the server's own port serves that, too. */
  private boolean isUnasked(Way way) {
    return way.webSocket.isPresent()
        && configuration.get(way.port).toString().equals(way.port.defaultText());
  }

  private TcpListener bind(EventLoops started, Way way) {
    int port = configuration.get(way.port);
    try {
      var options =
          new TcpListener.Options(
              address(way.host, port),
              BACKLOG,
              configuration.get(MqttSettings.MAX_CONNECTIONS),
              MqttLimits.of(configuration),
              way.tls,
              proxies,
              banned,
              way.webSocket);
      return TcpListener.bind(started, options, acceptor);
    } catch (IOException _) {
      throw new SettingException(
          "%s (%s) is \"%d\": %s cannot listen there: give a port that is free and a host that is"
                  .formatted(way.port.key(), way.port.environmentName(), port, way.host)
              + " this machine's, or port 0 for none.");
    }
  }

  private static InetSocketAddress address(String host, int port) throws UnknownHostException {
    return host.equals("*")
        ? new InetSocketAddress(port)
        : new InetSocketAddress(InetAddress.getByName(host), port);
  }

  /** Returns whether a port of TLS is configured. */
  public boolean servesTls() {
    return ways.stream().anyMatch(way -> way.tls.isPresent());
  }

  /** Begins to take connections. */
  public void accept() {
    listeners.forEach(TcpListener::accept);
  }

  /** Takes no more connections; those that are open stay. */
  public void stopAccepting() {
    paused = true;
    listeners.forEach(TcpListener::stopAccepting);
  }

  /** Takes connections again after {@link #stopAccepting}: it was not the stop. */
  public void resume() {
    var started = loops;
    if (started == null || !paused) {
      return;
    }
    paused = false;
    try {
      bind(started);
      accept();
    } catch (SettingException e) {
      LOG.log(Level.ERROR, "MQTT is not served any more: " + e.getMessage());
    }
  }

  /** Closes everything. */
  public void stop() {
    stopAccepting();
    var started = loops;
    if (started != null) {
      started.stop(STOP);
      loops = null;
    }
  }

  /** Returns whether every listener that is configured takes connections. */
  public boolean accepting() {
    var all = listeners;
    return all.size() == ways.size() && all.stream().allMatch(TcpListener::accepting);
  }

  /** Returns all that are configured. */
  public List<State> states() {
    var all = listeners;
    var states = new ArrayList<State>();
    for (int i = 0; i < ways.size(); i++) {
      states.add(state(ways.get(i).name, i < all.size() ? all.get(i) : null));
    }
    return states;
  }

  private static State state(String name, @Nullable TcpListener listener) {
    return listener == null
        ? new State(name, Optional.empty(), 0, 0, 0, 0, 0, 0, 0, 0, Map.of())
        : new State(
            name,
            Optional.of(listener.address()).filter(_ -> listener.accepting()),
            listener.connections(),
            listener.accepted(),
            listener.refused(),
            listener.banned(),
            listener.failedHandshakes(),
            listener.failedOpenings(),
            listener.violations(),
            listener.proxied(),
            listener.refusedHeaders());
  }
}
