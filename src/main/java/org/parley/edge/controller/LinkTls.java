package org.parley.edge.controller;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS as a client, with the key and the authorities that the broker has as a server. Both are read
 * again for each attempt, so that a new certificate counts from the next one on.
 */
public final class LinkTls {
  /** Reads the broker's stores. */
  @FunctionalInterface
  public interface Source {
    Stores read();
  }

  /**
   * The broker's stores.
   *
   * @param keys its key and chain
   * @param password of the keys
   * @param trusted the authorities
   */
  public record Stores(KeyStore keys, String password, KeyStore trusted) {
    /** Returns nothing of what is in them: a password does not belong in a log. */
    @Override
    public String toString() {
      return "Stores";
    }
  }

  private final Source source;

  public LinkTls(Source source) {
    this.source = source;
  }

  /** Makes what one attempt needs. */
  Handshake handshake() throws IOException, GeneralSecurityException {
    var stores = source.read();
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(stores.keys, stores.password.toCharArray());
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(stores.trusted);
    for (var manager : trust.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager verifier) {
        var remembering = new Remembering(verifier);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), new TrustManager[] {remembering}, null);
        return new Handshake(context, remembering);
      }
    }
    throw new GeneralSecurityException("no trust manager that verifies host names");
  }

  /** The TLS of one attempt. */
  static final class Handshake {
    private final SSLContext context;
    private final Remembering trust;

    private Handshake(SSLContext context, Remembering trust) {
      this.context = context;
      this.trust = trust;
    }

    SSLContext context() {
      return context;
    }

    /** Versions 1.2 and 1.3, and a certificate for the host that is dialled. */
    SSLParameters parameters() {
      var parameters = context.getDefaultSSLParameters();
      parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      return parameters;
    }

    /** Returns the server's own certificate, once it has been verified. */
    Optional<X509Certificate> verified() {
      return Optional.ofNullable(trust.verified);
    }
  }

  /** Keeps the certificate that was verified: the HTTP client does not tell it. */
  private static final class Remembering extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager verifier;
    private volatile @Nullable X509Certificate verified;

    Remembering(X509ExtendedTrustManager verifier) {
      this.verifier = verifier;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      verifier.checkServerTrusted(chain, authType, engine);
      verified = chain[0];
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      verifier.checkServerTrusted(chain, authType, socket);
      verified = chain[0];
    }

    /** Without an engine or a socket nothing says which host was meant. */
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("no host to verify");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      throw new CertificateException("not a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("not a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("not a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return verifier.getAcceptedIssuers();
    }
  }
}
