package org.parley.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;

/** Writes PKCS#12. */
public final class Pkcs12 {
  private Pkcs12() {}

  /** A key and its chain. */
  public static byte[] of(PrivateKey key, List<X509Certificate> chain, String password) {
    return bytes(
        password,
        store ->
            store.setKeyEntry(
                "key", key, password.toCharArray(), chain.toArray(Certificate[]::new)));
  }

  /** Trusted certificates. */
  public static byte[] of(List<X509Certificate> trusted, String password) {
    return bytes(password, store -> addAll(trusted, store));
  }

  /** A key store in memory that trusts these certificates. */
  public static KeyStore trusting(List<X509Certificate> trusted) {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      addAll(trusted, store);
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads a key store. */
  static KeyStore load(byte[] bytes, String password) throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(bytes), password.toCharArray());
    return store;
  }

  private static void addAll(List<X509Certificate> trusted, KeyStore store)
      throws GeneralSecurityException {
    for (int i = 0; i < trusted.size(); i++) {
      store.setCertificateEntry("ca" + i, trusted.get(i));
    }
  }

  private static byte[] bytes(String password, Content content) {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      content.addTo(store);
      var bytes = new ByteArrayOutputStream();
      store.store(bytes, password.toCharArray());
      return bytes.toByteArray();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Content {
    void addTo(KeyStore store) throws GeneralSecurityException;
  }
}
