package org.parley.transport;

import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;

/**
 * How a listener speaks TLS.
 *
 * @param contexts its key and its authorities
 * @param versions such as {@code TLSv1.3}
 * @param cipherSuites in the order in which they are preferred
 * @param groups that keys are agreed upon in, such as {@code x25519}, in that order too
 * @param applicationProtocol chosen when the client offers protocols by ALPN (RFC 7301), which ends
 *     the handshake if this one is not among them; a client that offers none is welcome
 * @param clientAuthentication whether a client must have a certificate
 * @param handshakeLimit after so long without a complete handshake a connection is closed
 */
public record TlsOptions(
    TlsContextProvider contexts,
    List<String> versions,
    List<String> cipherSuites,
    List<String> groups,
    String applicationProtocol,
    ClientAuthentication clientAuthentication,
    Duration handshakeLimit) {
  /** Whether a client must have a certificate. One that it has must be good in any case. */
  public enum ClientAuthentication {
    /** It is asked for one, and may have none. */
    WANT,
    /** Without one the handshake fails. */
    REQUIRE
  }

  public TlsOptions {
    versions = List.copyOf(versions);
    cipherSuites = List.copyOf(cipherSuites);
    groups = List.copyOf(groups);
  }

  /** Makes what speaks TLS on one new connection. */
  SslHandler handler() {
    return handler(handshakeLimit);
  }

  /** The same, when part of the time is over. */
  SslHandler handler(Duration left) {
    var engine = contexts.current().createSSLEngine();
    engine.setUseClientMode(false);
    engine.setSSLParameters(parameters());
    var handler = new SslHandler(engine);
    handler.setCumulator(HeapCumulator.INSTANCE);
    handler.setHandshakeTimeout(Math.max(1, left.toMillis()), TimeUnit.MILLISECONDS); // 0 is none
    return handler;
  }

  private SSLParameters parameters() {
    var parameters =
        new SSLParameters(cipherSuites.toArray(String[]::new), versions.toArray(String[]::new));
    parameters.setUseCipherSuitesOrder(true);
    parameters.setNamedGroups(groups.toArray(String[]::new));
    parameters.setApplicationProtocols(new String[] {applicationProtocol});
    switch (clientAuthentication) {
      case WANT -> parameters.setWantClientAuth(true);
      case REQUIRE -> parameters.setNeedClientAuth(true);
    }
    return parameters;
  }
}
