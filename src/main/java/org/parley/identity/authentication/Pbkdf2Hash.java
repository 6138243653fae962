package org.parley.identity.authentication;

import java.security.MessageDigest;
import java.util.Optional;

/**
 * PBKDF2 with HMAC-SHA-512, as mosquitto's password files have it: {@code $7$}, the iterations, the
 * salt and the hash.
 */
final class Pbkdf2Hash implements PasswordHash {
  static final String FORM = "7";

  /** What mosquitto_passwd took at first was 101. */
  private static final int LEAST_ITERATIONS = 100;

  private static final int FIELDS = 5;
  private static final int LENGTH = 64;

  private final int iterations;
  private final byte[] salt;
  private final byte[] hash;

  private Pbkdf2Hash(int iterations, byte[] salt, byte[] hash) {
    this.iterations = iterations;
    this.salt = salt;
    this.hash = hash;
  }

  static Optional<PasswordHash> parse(String[] fields) {
    if (fields.length != FIELDS) {
      return Optional.empty();
    }
    var iterations = PasswordHash.iterations(fields[2], LEAST_ITERATIONS);
    var salt = PasswordHash.bytes(fields[3], LEAST_SALT, MOST_SALT);
    var hash = PasswordHash.bytes(fields[4], LENGTH, LENGTH);
    return iterations.isPresent() && salt.isPresent() && hash.isPresent()
        ? Optional.of(new Pbkdf2Hash(iterations.get(), salt.get(), hash.get()))
        : Optional.empty();
  }

  @Override
  public boolean isOf(byte[] password) {
    return MessageDigest.isEqual(hash, Hmac.SHA_512.stretch(password, salt, iterations));
  }
}
