package org.parley.identity.authentication;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The keyed hashes that passwords are kept by. */
enum Hmac {
  SHA_256("HmacSHA256"),
  SHA_512("HmacSHA512");

  private static final byte[] FIRST_BLOCK = {0, 0, 0, 1};

  private final String algorithm;

  Hmac(String algorithm) {
    this.algorithm = algorithm;
  }

  /** Computes HMAC (RFC 2104). */
  byte[] of(byte[] key, byte[] message) {
    return keyed(key).doFinal(message);
  }

  /**
   * Computes the first block of PBKDF2 (RFC 8018 section 5.2), which RFC 5802 section 2.2 calls Hi;
   * it is as long as the hash. The JDK's own takes text only, and a password of MQTT is bytes.
   *
   * @param iterations at least 1
   */
  byte[] stretch(byte[] password, byte[] salt, int iterations) {
    var mac = keyed(password);
    mac.update(salt);
    var last = mac.doFinal(FIRST_BLOCK);
    var all = last.clone();
    for (int i = 1; i < iterations; i++) {
      last = mac.doFinal(last);
      for (int k = 0; k < all.length; k++) {
        all[k] ^= last[k];
      }
    }
    return all;
  }

  private Mac keyed(byte[] key) {
    try {
      var mac = Mac.getInstance(algorithm);
      // A key is filled up with zeros, so this one is the empty key, which the JDK refuses.
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java platform has both
    }
  }

  static byte[] sha256(byte[] message) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(message);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }
}
