package org.parley.testing;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A key and the chain that a client presents.
 *
 * @param chain the client's own certificate first; the root is left out
 */
public record ClientIdentity(PrivateKey key, List<X509Certificate> chain) {
  private static final String ALIAS = "client";

  public X509Certificate leaf() {
    return chain.getFirst();
  }

  /** The chain as the broker's rule sees it. */
  public X509Certificate[] presented() {
    return chain.toArray(X509Certificate[]::new);
  }

  /** The same key with this certificate only, its intermediates left out. */
  public ClientIdentity leafOnly() {
    return new ClientIdentity(key, List.of(leaf()));
  }

  /** The same key with more certificates behind its chain. */
  public ClientIdentity followedBy(List<X509Certificate> more) {
    var all = new ArrayList<>(chain);
    all.addAll(more);
    return new ClientIdentity(key, List.copyOf(all));
  }

  /**
   * A TLS context that presents this chain whatever authorities the server asks for (the JDK's own
   * key manager would stay silent), and that trusts the servers of these authorities.
   */
  public SSLContext sslContext(List<X509Certificate> trusted) {
    return sslContext(new Insistent(this), trusted);
  }

  /** A TLS context without a client certificate. */
  public static SSLContext anonymous(List<X509Certificate> trusted) {
    return sslContext(null, trusted);
  }

  public byte[] pkcs12(String password) {
    return Pkcs12.of(key, chain, password);
  }

  /** The chain in PEM. */
  public String certificatePem() {
    return Pem.of(chain);
  }

  /** The key in PEM (PKCS#8). */
  public String keyPem() {
    return Pem.of(key);
  }

  /** Writes {@code <name>.pem}, {@code <name>.key} and {@code <name>.p12} for other programs. */
  public void write(Path directory, String name, String password) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve(name + ".pem"), certificatePem());
    Files.writeString(directory.resolve(name + ".key"), keyPem());
    Files.write(directory.resolve(name + ".p12"), pkcs12(password));
  }

  private static SSLContext sslContext(
      @Nullable KeyManager keyManager, List<X509Certificate> trusted) {
    try {
      var trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(Pkcs12.trusting(trusted));
      var context = SSLContext.getInstance("TLS");
      var keys = keyManager == null ? new KeyManager[0] : new KeyManager[] {keyManager};
      context.init(keys, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Always answers with the one key it has. */
  private static final class Insistent extends X509ExtendedKeyManager {
    private final ClientIdentity identity;

    Insistent(ClientIdentity identity) {
      this.identity = identity;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseClientAlias(
        String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return ALIAS;
    }

    @Override
    public String chooseEngineClientAlias(
        String[] keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[0];
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return identity.presented();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return identity.key();
    }
  }
}
