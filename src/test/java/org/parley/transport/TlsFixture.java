package org.parley.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.parley.testing.ClientIdentity;
import org.parley.testing.TestPki;
import org.parley.transport.TlsOptions.ClientAuthentication;

/** The broker's side of TLS. */
final class TlsFixture {
  private TlsFixture() {}

  static TlsOptions options(
      TlsContextProvider contexts, ClientAuthentication client, Duration limit) {
    return new TlsOptions(
        contexts,
        List.of("TLSv1.3", "TLSv1.2"),
        List.of(
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
        List.of("x25519", "secp256r1"),
        "mqtt",
        client,
        limit);
  }

  static SSLContext context(ClientIdentity broker) throws GeneralSecurityException, IOException {
    var password = TestPki.PASSWORD.toCharArray();
    var store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(broker.pkcs12(TestPki.PASSWORD)), password);
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, password);
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(KeyStore.getInstance(TestPki.shared().trustStore().toFile(), password));
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
