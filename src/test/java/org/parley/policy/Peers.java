package org.parley.policy;

import java.time.Instant;
import java.util.Optional;
import org.parley.identity.Identification;
import org.parley.identity.IdentityRule;
import org.parley.session.TestSessions;
import org.parley.testing.CertificateRequest;
import org.parley.testing.TestPki;

/** Subjects for policies. */
public final class Peers {
  public static final String ADDRESS = "192.0.2.1";

  private Peers() {}

  /** A peer by PCP version 2 from {@link #ADDRESS}. */
  public static Subject peer(String commonName, String clientType) {
    return peer(commonName, clientType, "pcp-v2", ADDRESS);
  }

  public static Subject peer(
      String commonName, String clientType, String protocol, String remoteAddress) {
    return Subject.pcp(TestSessions.principal(commonName), protocol, clientType, remoteAddress);
  }

  /** An agent with a certificate of its own. */
  public static Subject certified(CertificateRequest request) {
    var chain = TestPki.shared().intermediate().issue(request).chain();
    var identified =
        new IdentityRule()
            .identify(chain.toArray(java.security.cert.X509Certificate[]::new), Instant.now());
    if (identified instanceof Identification.Identified(var principal)) {
      return Subject.pcp(principal, "pcp-v2", "agent", ADDRESS);
    }
    throw new AssertionError(identified.toString());
  }

  /** A peer by MQTT 5.0 over TLS from {@link #ADDRESS}; an empty name stands for none. */
  public static Subject mqtt(String commonName, String userName, String clientId) {
    return Subject.mqtt(
        Optional.of(commonName).filter(name -> !name.isEmpty()).map(TestSessions::principal),
        Optional.of(userName).filter(name -> !name.isEmpty()),
        "mqtt-v5",
        "tls",
        clientId,
        ADDRESS);
  }

  public static Action associate(String commonName, String clientType) {
    return new Action.Associate(peer(commonName, clientType));
  }

  public static Action send(Subject subject, String target, String messageType) {
    return new Action.Send(subject, target, messageType);
  }
}
