package org.parley.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.parley.edge.controller.LinkTls;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.Setting;
import org.parley.edge.settings.SettingException;
import org.parley.edge.settings.Settings;

/**
 * Reads what the broker needs from its key store and trust store; the server reads them for TLS.
 */
final class KeyStores {
  private final Configuration configuration;

  KeyStores(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * Returns the certificate of the broker's key.
   *
   * @throws SettingException if there is none; names the setting
   */
  X509Certificate brokerCertificate() {
    return certificates(Settings.KEYSTORE, Settings.KEYSTORE_PASSWORD, true)
        .findFirst()
        .orElseThrow(() -> unusable(Settings.KEYSTORE, "it holds no key with a certificate"));
  }

  /** Returns the authorities that clients' certificates chain to. */
  RevocationFile.Authorities authorities() {
    return new RevocationFile.Authorities() {
      @Override
      public List<X509Certificate> read() {
        return certificates(Settings.TRUSTSTORE, Settings.TRUSTSTORE_PASSWORD, false).toList();
      }

      @Override
      public FileVersion version() throws IOException {
        return FileVersion.of(Path.of(configuration.get(Settings.TRUSTSTORE)));
      }
    };
  }

  /**
   * Returns what the broker needs to be a TLS client: its own key and the same authorities.
   *
   * @throws SettingException if a file cannot be used; names the setting
   */
  LinkTls.Stores stores() {
    return new LinkTls.Stores(
        load(Settings.KEYSTORE, Settings.KEYSTORE_PASSWORD),
        configuration.get(Settings.KEYSTORE_PASSWORD),
        load(Settings.TRUSTSTORE, Settings.TRUSTSTORE_PASSWORD));
  }

  /** Returns what changes when one of the files does. */
  List<FileVersion> versions() throws IOException {
    return List.of(
        FileVersion.of(Path.of(configuration.get(Settings.KEYSTORE))),
        FileVersion.of(Path.of(configuration.get(Settings.TRUSTSTORE))));
  }

  private Stream<X509Certificate> certificates(
      Setting<String> file, Setting<String> password, boolean keys) {
    try {
      var store = load(file, password);
      return Collections.list(store.aliases()).stream()
          .map(alias -> certificate(store, alias, keys))
          .flatMap(Optional::stream);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // a store that has been loaded answers
    }
  }

  private KeyStore load(Setting<String> file, Setting<String> password) {
    if (configuration.get(file).isEmpty()) {
      throw unusable(file, "give a PKCS#12 file");
    }
    try (var in = Files.newInputStream(Path.of(configuration.get(file)))) {
      var store = KeyStore.getInstance("PKCS12");
      store.load(in, configuration.get(password).toCharArray());
      return store;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException _) {
      throw unusable(file, "give a readable PKCS#12 file, and its password in " + password.key());
    }
  }

  private static Optional<X509Certificate> certificate(KeyStore store, String alias, boolean keys) {
    try {
      return store.isKeyEntry(alias) == keys
              && store.getCertificate(alias) instanceof X509Certificate certificate
          ? Optional.of(certificate)
          : Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // a store that has been loaded answers
    }
  }

  private SettingException unusable(Setting<String> file, String remedy) {
    return new SettingException(
        "%s (%s) is \"%s\": %s."
            .formatted(file.key(), file.environmentName(), configuration.get(file), remedy));
  }
}
