package org.parley.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.parley.testing.LiveClient;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.V2;
import org.parley.testing.Wire;
import org.parley.testing.mqtt.Peer;

/** A server one of whose files is replaced while it works, and those who connect to it. */
final class WatchedServer implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Path file;
  private final ServerProcess server;

  private WatchedServer(Path file, ServerProcess server) {
    this.file = file;
    this.server = server;
  }

  /**
   * Starts it.
   *
   * @param setting names the file, as an environment variable
   * @param more settings and their values
   */
  static WatchedServer start(String name, String setting, String content, String... more)
      throws IOException {
    var file = Files.createTempDirectory("watched").resolve("file");
    Files.writeString(file, content);
    var environment = new HashMap<>(Map.of(setting, file.toAbsolutePath().toString()));
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return new WatchedServer(file, ServerProcess.start(name, environment));
  }

  ServerProcess process() {
    return server;
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.delete(file);
    Files.delete(file.getParent());
  }

  /** Puts another content in the place of the file, at once. */
  void replace(String text) throws IOException {
    var next = file.resolveSibling("next");
    Files.writeString(next, text);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  Health ready() throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var uri = URI.create("http://localhost:" + server.httpPort() + "/health/ready");
      var answer = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      return new Health(answer.statusCode(), V2.parse(answer.body()));
    }
  }

  /** Waits until so many rules are in force and nothing is wrong. */
  void awaitRules(int rules) {
    await()
        .atMost(SOON)
        .until(
            () -> ready().data("parley-policy"),
            data -> data.getInt("rules") == rules && !data.containsKey("warning"));
  }

  /** Waits until so many bans are in the list, and nothing is wrong. */
  void awaitBans(int count) {
    await()
        .atMost(SOON)
        .until(
            () -> ready().data("parley-bans"),
            data -> data.getInt("bans") == count && !data.containsKey("warning"));
  }

  static Wire wire(String commonName, int port) {
    return Wire.tls(port, ServerProcess.PKI.sslContext(ServerProcess.PKI.client(commonName)));
  }

  RawWebSocket open(String commonName, String path) throws IOException {
    return RawWebSocket.open(wire(commonName, server.httpsPort()), OpeningHandshake.of(path));
  }

  Peer mqtt(String commonName) throws IOException {
    return Peer.on(wire(commonName, server.mqttsPort()).connect().socket());
  }

  /** Connects, and waits until the session is there: the handshake ends before it begins. */
  LiveClient connect(String commonName, String path) throws IOException, InterruptedException {
    var client = LiveClient.on(open(commonName, path));
    client.send(V2.message(V2.id(), "example/hello", path.replace("/pcp2", "pcp://" + commonName)));
    client.await(SOON); // itself, or the broker that refuses it
    return client;
  }
}
