package org.parley.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A controller that waits for brokers to dial it: TLS that demands a client certificate of the PKI,
 * a WebSocket on whatever path is asked for. Each connection is handed out as a {@link Link}.
 */
public final class ControllerServer implements AutoCloseable {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final SSLServerSocket server;
  private final LinkedBlockingQueue<Link> links = new LinkedBlockingQueue<>();

  private ControllerServer(SSLServerSocket server) {
    this.server = server;
  }

  /** Listens on a free port of loopback. */
  public static ControllerServer start(TestPki pki, ClientIdentity identity) throws IOException {
    return start(pki, identity, 0);
  }

  /** Listens on a port of loopback. */
  public static ControllerServer start(TestPki pki, ClientIdentity identity, int port)
      throws IOException {
    var socket =
        (SSLServerSocket)
            context(pki, identity)
                .getServerSocketFactory()
                .createServerSocket(port, 50, InetAddress.getLoopbackAddress());
    socket.setNeedClientAuth(true);
    var server = new ControllerServer(socket);
    Thread.ofVirtual().name("controller-server").start(server::accept);
    return server;
  }

  private static SSLContext context(TestPki pki, ClientIdentity identity) {
    try {
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(
          Pkcs12.load(identity.pkcs12(TestPki.PASSWORD), TestPki.PASSWORD),
          TestPki.PASSWORD.toCharArray());
      var trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(Pkcs12.trusting(pki.authorities()));
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  /** What the broker's setting and messages call it. */
  public String authority() {
    return "localhost:" + port();
  }

  /** Waits for the next broker that dials. */
  public Link awaitLink(Duration limit) throws InterruptedException {
    var link = links.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (link == null) {
      throw new AssertionError("nobody dialled within " + limit);
    }
    return link;
  }

  private void accept() {
    try {
      while (true) {
        var socket = (SSLSocket) server.accept();
        Thread.ofVirtual().start(() -> greet(socket));
      }
    } catch (IOException _) {
      // closed
    }
  }

  /** What fails here was no broker of the PKI; it gets no link. */
  private void greet(SSLSocket socket) {
    try {
      socket.setSoTimeout(10_000);
      var in = socket.getInputStream();
      var path = line(in).split(" ", -1)[1];
      var headers = headers(in);
      var answer =
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: "
              + accept(headers.getOrDefault("Sec-WebSocket-Key", ""))
              + "\r\n\r\n";
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      var certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      links.add(new Link(socket, path, headers, certificate));
    } catch (IOException | RuntimeException _) {
      close(socket);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // gone already
    }
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new IOException("end inside the handshake");
      }
      if (octet != '\r') {
        line.write(octet);
      }
    }
    return line.toString(StandardCharsets.US_ASCII);
  }

  private static String accept(String key) {
    try {
      var sha1 = MessageDigest.getInstance("SHA-1");
      var digest = sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Listens no more; links stay. */
  @Override
  public void close() throws IOException {
    server.close();
  }

  /** One broker's connection. Not for several threads at a time. */
  public static final class Link implements AutoCloseable {
    private final SSLSocket socket;
    private final String path;
    private final Map<String, String> headers;
    private final X509Certificate broker;

    Link(SSLSocket socket, String path, Map<String, String> headers, X509Certificate broker) {
      this.socket = socket;
      this.path = path;
      this.headers = headers;
      this.broker = broker;
    }

    /** The request target that the broker asked for. */
    public String path() {
      return path;
    }

    /** The headers of the opening handshake, by name whatever its case. */
    public Map<String, String> headers() {
      return headers;
    }

    /** The certificate that the broker presented. */
    public X509Certificate broker() {
      return broker;
    }

    /** The version that TLS settled on. */
    public String tlsVersion() {
      return socket.getSession().getProtocol();
    }

    /** Sends frames as a server does: without a mask. */
    public void send(Frame... frames) throws IOException {
      for (var frame : frames) {
        socket.getOutputStream().write(frame.unmasked().encode());
      }
    }

    /** Sends a v2 message. */
    public void sendText(String text) throws IOException {
      send(Frame.text(text));
    }

    /** Reads the next frame, whatever it is. */
    public Frame readFrame(Duration limit) throws IOException {
      socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
      return Frame.read(socket.getInputStream());
    }

    /** Reads until a frame with this opcode comes; pings are answered. */
    public Frame readFrame(int opcode, Duration limit) throws IOException {
      while (true) {
        var frame = readFrame(limit);
        if (frame.opcode() == opcode) {
          return frame;
        }
        if (frame.opcode() == Frame.PING) {
          send(Frame.pong(frame.payload()));
        }
      }
    }

    /** Waits for the next message. */
    public String awaitText(Duration limit) throws IOException {
      return readFrame(Frame.TEXT, limit).text();
    }

    /** Drops the connection without closing handshake. */
    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
