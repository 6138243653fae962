package org.parley.edge;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.parley.audit.AuditLog;
import org.parley.edge.settings.SettingException;
import org.parley.edge.settings.Settings;
import org.parley.transport.TlsContextProvider;

/**
 * The key and the authorities of our own TLS listeners, from the files that the server's listeners
 * use, and read again when they change. Files that cannot be used later leave the former ones in
 * force.
 */
final class ListenerTls implements TlsContextProvider {
  private static final Logger LOG = System.getLogger(ListenerTls.class.getName());

  private final KeyStores keyStores;
  private final FileAudit audit;
  private volatile @Nullable SSLContext context;
  private List<FileVersion> versions = List.of();
  private String problem = "";

  ListenerTls(KeyStores keyStores, AuditLog audit) {
    this.keyStores = keyStores;
    this.audit =
        new FileAudit(
            audit,
            Settings.KEYSTORE,
            () -> Optional.of(problem).filter(text -> !text.isEmpty()),
            () -> "read again, and the trust store");
  }

  /**
   * Reads the files for the first time.
   *
   * @throws SettingException if one cannot be used; names the setting
   */
  void start() {
    try {
      versions = keyStores.versions();
      context = read();
    } catch (IOException | GeneralSecurityException e) {
      throw new SettingException(
          "the key store or the trust store cannot be used: " + e.getMessage());
    }
  }

  /** Reads the files again if they have changed. One thread calls it. */
  void poll() {
    if (context != null) { // else there is no listener
      var _ = audit.looked(changed());
    }
  }

  private boolean changed() {
    try {
      var now = keyStores.versions();
      if (!now.equals(versions)) {
        context = read();
        versions = now;
        problem = "";
        LOG.log(Level.INFO, "key store and trust store read again");
        return true;
      }
    } catch (IOException | GeneralSecurityException | SettingException e) {
      failed(String.valueOf(e.getMessage()));
    }
    return false;
  }

  /** The files are read again each time until they can be used; said once. */
  private void failed(String reason) {
    if (!reason.equals(problem)) {
      LOG.log(Level.WARNING, "key store or trust store not used, the former stay: " + reason);
    }
    problem = reason;
  }

  @Override
  public SSLContext current() {
    return Objects.requireNonNull(context);
  }

  private SSLContext read() throws GeneralSecurityException {
    var stores = keyStores.stores();
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(stores.keys(), stores.password().toCharArray());
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(stores.trusted());
    var read = SSLContext.getInstance("TLS");
    read.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return read;
  }
}
