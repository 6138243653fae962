package org.parley.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.parley.identity.token.TokenKeys;
import org.parley.testing.TestIssuer;
import org.parley.testing.TestPki;

/** Against a real HTTPS server. */
class JwksHttpTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final byte[] SET = TestIssuer.keySet(TestIssuer.shared()).getBytes(UTF_8);

  @TempDir private static Path directory;
  private static Optional<TestPki> made = Optional.empty();

  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpsServer server = start();

  private static TestPki pki() {
    if (made.isEmpty()) {
      made = Optional.of(TestPki.in(directory));
    }
    return made.get();
  }

  private static HttpsServer start() {
    try {
      var store = KeyStore.getInstance("PKCS12");
      var password = TestPki.PASSWORD.toCharArray();
      store.load(new ByteArrayInputStream(pki().broker().pkcs12(TestPki.PASSWORD)), password);
      var keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, password);
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      var server =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(context));
      return server;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void serve() {
    server.setExecutor(threads);
    server.start();
    answer("/keys", exchange -> send(exchange, 200, SET));
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(String path, HttpHandler handler) {
    server.createContext(path, handler);
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private JwksHttp http(String path, Optional<Path> authorities, Duration timeout) {
    var address = URI.create("https://localhost:" + server.getAddress().getPort() + path);
    return new JwksHttp(address, authorities, timeout);
  }

  private byte[] fetched(String path) {
    return http(path, Optional.of(pki().caPem()), PATIENCE).get().join();
  }

  private static void assertFails(Class<? extends Throwable> cause, ThrowingCallable fetch) {
    assertThatThrownBy(fetch).isInstanceOf(CompletionException.class).hasCauseInstanceOf(cause);
  }

  @Test
  void givenKeySet_whenFetched_thenItsBytes() {
    assertThat(fetched("/keys")).isEqualTo(SET);
  }

  @Test
  void givenServerOfAnAuthorityThatNobodyNamed_whenFetched_thenTlsFails() {
    assertFails(SSLException.class, () -> http("/keys", Optional.empty(), PATIENCE).get().join());
  }

  @Test
  void givenServerOfAnotherName_whenFetched_thenTlsFails() {
    var address = URI.create("https://127.0.0.2:" + server.getAddress().getPort() + "/keys");

    assertThatThrownBy(
            () -> new JwksHttp(address, Optional.of(pki().caPem()), PATIENCE).get().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void givenNoFileOfAuthorities_whenFetched_thenItFails() {
    assertFails(
        NoSuchFileException.class,
        () -> http("/keys", Optional.of(directory.resolve("none")), PATIENCE).get().join());
  }

  @Test
  void givenRedirectOrError_whenFetched_thenItIsNotFollowed() {
    answer(
        "/moved",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/keys");
          send(exchange, 302, new byte[0]);
        });
    answer("/broken", exchange -> send(exchange, 500, SET));

    assertFails(ProtocolException.class, () -> fetched("/moved"));
    assertFails(ProtocolException.class, () -> fetched("/broken"));
    assertFails(ProtocolException.class, () -> fetched("/nowhere"));
  }

  @Test
  void givenBodyOverTheLimit_whenFetched_thenItFails() {
    answer("/large", exchange -> send(exchange, 200, new byte[TokenKeys.MAX_BYTES + 1]));

    assertFails(IOException.class, () -> fetched("/large"));
  }

  /** The header comes at once: what is slow is the body. */
  @Test
  void givenBodyThatDoesNotCome_whenTheTimeIsOver_thenItFails() {
    answer(
        "/slow",
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          awaitTheEnd();
        });

    assertFails(
        TimeoutException.class,
        () -> http("/slow", Optional.of(pki().caPem()), Duration.ofSeconds(2)).get().join());
  }

  private void awaitTheEnd() {
    try {
      over.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
