package org.parley.edge;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.parley.identity.token.TokenKeys;

/**
 * Fetches a key set by HTTPS with the JDK's client. Each fetch has a client of its own, which ends
 * with it, its threads too; the authorities are read again for each. No redirect is followed.
 */
final class JwksHttp implements Supplier<CompletableFuture<byte[]>> {
  private static final int OK = 200;
  private static final int MOST_BYTES_OF_AUTHORITIES = 1 << 20;

  private final URI address;
  private final Optional<Path> authorities;
  private final Duration timeout;

  /**
   * @param authorities of the server, in PEM; empty: those of the JDK, not those of our clients
   * @param timeout of a whole fetch, the body included
   */
  JwksHttp(URI address, Optional<Path> authorities, Duration timeout) {
    this.address = address;
    this.authorities = authorities;
    this.timeout = timeout;
  }

  @Override
  public CompletableFuture<byte[]> get() {
    var result = new CompletableFuture<byte[]>();
    var thread =
        Thread.ofVirtual()
            .name("parley-jwks")
            .start(
                () -> {
                  try {
                    result.complete(fetch());
                  } catch (IOException
                      | GeneralSecurityException
                      | TimeoutException
                      | InterruptedException
                      | RuntimeException e) {
                    result.completeExceptionally(e);
                  }
                });
    var _ =
        result.whenComplete(
            (_, _) -> {
              if (result.isCancelled()) {
                thread.interrupt();
              }
            });
    return result;
  }

  private byte[] fetch()
      throws IOException, GeneralSecurityException, TimeoutException, InterruptedException {
    var client =
        HttpClient.newBuilder()
            .sslContext(tls())
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .executor(Thread::startVirtualThread)
            .build();
    try {
      var request =
          HttpRequest.newBuilder(address)
              .timeout(timeout)
              .header("Accept", "application/jwk-set+json, application/json")
              .build();
      var limited = BodyHandlers.limiting(BodyHandlers.ofByteArray(), TokenKeys.MAX_BYTES);
      // The request's own time limit ends with the header of the answer.
      return body(
          client.sendAsync(request, limited).get(timeout.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } finally {
      client.shutdownNow();
    }
  }

  private static byte[] body(HttpResponse<byte[]> response) throws ProtocolException {
    if (response.statusCode() != OK) {
      throw new ProtocolException("status " + response.statusCode());
    }
    return response.body();
  }

  private SSLContext tls() throws IOException, GeneralSecurityException {
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(authorities.isPresent() ? trusted(authorities.get()) : ofTheJdk());
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** Not the default context: the server sets that to trust those who issue to clients. */
  private static @Nullable KeyStore ofTheJdk() {
    return null;
  }

  private static KeyStore trusted(Path pem) throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var in = Files.newInputStream(pem);
        var bytes = new java.io.ByteArrayInputStream(in.readNBytes(MOST_BYTES_OF_AUTHORITIES))) {
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(bytes)) {
        store.setCertificateEntry(Integer.toString(store.size()), certificate);
      }
    }
    if (store.size() == 0) {
      throw new CertificateException("no certificate");
    }
    return store;
  }
}
