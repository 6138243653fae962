package org.parley.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.extension.ExtendWith;
import org.parley.testing.ClientIdentity;
import org.parley.testing.Frame;
import org.parley.testing.LiveClient;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.PcpTestClient;
import org.parley.testing.RawWebSocket;
import org.parley.testing.TestPki;
import org.parley.testing.Wire;

/**
 * The WAR of this build, deployed on a managed Open Liberty with the configuration in {@code
 * src/test/liberty/config}. One server serves all the tests of a run; each test uses common names
 * of its own.
 */
@ExtendWith(ArquillianExtension.class)
abstract class ServerUnderTest {
  static final TestPki PKI = TestPki.shared();
  static final int HTTPS_PORT = Integer.getInteger("parley.it.https.port", 9443);
  static final int HTTP_PORT = Integer.getInteger("parley.it.http.port", 9080);
  static final int MQTT_PORT = Integer.getInteger("parley.it.mqtt.port", 1883);
  static final int MQTTS_PORT = Integer.getInteger("parley.it.mqtts.port", 8883);
  static final int MQTT_WS_PORT = Integer.getInteger("parley.it.mqtt.ws.port", 8083);
  static final int MQTT_WSS_PORT = Integer.getInteger("parley.it.mqtt.wss.port", 8084);
  static final Duration SOON = Duration.ofSeconds(10);

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Deployment(testable = false)
  static WebArchive parley() {
    return WarAsBuilt.archive();
  }

  /** Connects a peer with an ordinary certificate. */
  static PcpTestClient connect(String commonName, String path) throws IOException {
    return PcpTestClient.connect(PKI, PKI.client(commonName), HTTPS_PORT, path);
  }

  /** Connects a peer with an ordinary certificate that reads all the time. */
  static LiveClient live(String commonName, String path) throws IOException {
    return LiveClient.on(associated(handshake(PKI.client(commonName), path)));
  }

  /** Waits until the session of an upgraded connection has begun, which is just after the 101. */
  static RawWebSocket associated(RawWebSocket socket) throws IOException {
    if (socket.upgraded()) {
      socket.send(Frame.ping());
      var _ = socket.readFrame(Frame.PONG, SOON);
    }
    return socket;
  }

  /** Tries an opening handshake; the answer tells what came of it. */
  static RawWebSocket handshake(ClientIdentity identity, String path) throws IOException {
    return handshake(identity, OpeningHandshake.of(path));
  }

  static RawWebSocket handshake(ClientIdentity identity, OpeningHandshake handshake)
      throws IOException {
    return RawWebSocket.open(wire(identity), handshake);
  }

  /** How a peer reaches the broker. */
  static Wire wire(ClientIdentity identity) {
    return Wire.tls(HTTPS_PORT, PKI.sslContext(identity));
  }

  /** Gets a page of the plain HTTP port, such as {@code /health/ready}. */
  static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return get(HTTP_PORT, path);
  }

  static HttpResponse<String> get(int httpPort, String path)
      throws IOException, InterruptedException {
    var uri = URI.create("http://localhost:" + httpPort + path);
    return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  /** Puts another CRL file in force, as an operator would: in one step. */
  static void install(String crlPem) {
    try {
      var next = PKI.directory().resolve("crl.next");
      Files.writeString(next, crlPem);
      Files.move(next, PKI.crlPem(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
