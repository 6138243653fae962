package org.parley.session;

import java.security.cert.X509Certificate;
import java.time.Instant;
import org.parley.core.Connection;
import org.parley.core.RecordingConnection;
import org.parley.identity.PeerPrincipal;
import org.parley.testing.TestPki;

/** Sessions of made-up peers; they share one certificate, which nothing looks at. */
public final class TestSessions {
  private static final X509Certificate CERTIFICATE = TestPki.shared().client("client01").leaf();

  private TestSessions() {}

  /** A new session of {@code pcp://<commonName>/agent} on a connection of its own. */
  public static ClientSession agent(String commonName) {
    return session(new ClientUri(commonName, "agent"), new RecordingConnection());
  }

  public static ClientSession session(ClientUri uri, Connection connection) {
    return new ClientSession(uri, principal(uri.commonName()), Protocol.PCP_V2, connection);
  }

  public static PeerPrincipal principal(String commonName) {
    return principal(commonName, Instant.MAX);
  }

  /** A peer whose certificate ends at a moment. */
  public static PeerPrincipal principal(String commonName, Instant notAfter) {
    return new PeerPrincipal(commonName, "01", "00", notAfter, "CN=Test", CERTIFICATE);
  }
}
