package org.parley.identity.authentication;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;

/**
 * What SCRAM-SHA-256 keeps of a password (RFC 5802 section 3): {@code $scram-sha-256$}, the
 * iterations, the salt, the stored key and the server key. It serves a plain password as well.
 */
public final class ScramKeys implements PasswordHash {
  static final String FORM = "scram-sha-256";

  /** RFC 7677 section 4. */
  static final int LEAST_ITERATIONS = 4096;

  private static final int FIELDS = 6;
  private static final int LENGTH = 32;
  private static final byte[] CLIENT_KEY = "Client Key".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SERVER_KEY = "Server Key".getBytes(StandardCharsets.US_ASCII);

  private final int iterations;
  private final byte[] salt;
  private final byte[] storedKey;
  private final byte[] serverKey;

  private ScramKeys(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
    this.iterations = iterations;
    this.salt = salt;
    this.storedKey = storedKey;
    this.serverKey = serverKey;
  }

  /**
   * Makes the keys of a password.
   *
   * @param password in UTF-8
   * @param salt 8 to 64 bytes that nobody could foresee
   * @param iterations 4,096 to 1,000,000
   */
  public static ScramKeys of(byte[] password, byte[] salt, int iterations) {
    if (iterations < LEAST_ITERATIONS || iterations > MOST_ITERATIONS) {
      throw new IllegalArgumentException(
          "use iterations from " + LEAST_ITERATIONS + " to " + MOST_ITERATIONS);
    }
    if (salt.length < LEAST_SALT || salt.length > MOST_SALT) {
      throw new IllegalArgumentException("use a salt of 8 to 64 bytes");
    }
    var salted = Hmac.SHA_256.stretch(password, salt, iterations);
    return new ScramKeys(
        iterations,
        salt.clone(),
        Hmac.sha256(Hmac.SHA_256.of(salted, CLIENT_KEY)),
        Hmac.SHA_256.of(salted, SERVER_KEY));
  }

  /** Keys that belong to no password. */
  static ScramKeys ofNobody(int iterations, byte[] salt) {
    return new ScramKeys(iterations, salt, new byte[LENGTH], new byte[LENGTH]);
  }

  static Optional<PasswordHash> parse(String[] fields) {
    if (fields.length != FIELDS) {
      return Optional.empty();
    }
    var iterations = PasswordHash.iterations(fields[2], LEAST_ITERATIONS);
    var salt = PasswordHash.bytes(fields[3], LEAST_SALT, MOST_SALT);
    var storedKey = PasswordHash.bytes(fields[4], LENGTH, LENGTH);
    var serverKey = PasswordHash.bytes(fields[5], LENGTH, LENGTH);
    return iterations.isPresent()
            && salt.isPresent()
            && storedKey.isPresent()
            && serverKey.isPresent()
        ? Optional.of(new ScramKeys(iterations.get(), salt.get(), storedKey.get(), serverKey.get()))
        : Optional.empty();
  }

  /** Returns the text that stands behind the name in a line of the file. */
  public String text() {
    return String.join("$", "", FORM, Integer.toString(iterations), base64(salt))
        + "$"
        + base64(storedKey)
        + "$"
        + base64(serverKey);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public boolean isOf(byte[] password) {
    var salted = Hmac.SHA_256.stretch(password, salt, iterations);
    return isClientKey(Hmac.SHA_256.of(salted, CLIENT_KEY));
  }

  int iterations() {
    return iterations;
  }

  int saltLength() {
    return salt.length;
  }

  String saltText() {
    return base64(salt);
  }

  /**
   * Returns whether a client that knows the password has made this proof.
   *
   * @param authMessage what has been said before, as RFC 5802 section 3 joins it
   */
  boolean isProof(byte[] proof, byte[] authMessage) {
    var signature = Hmac.SHA_256.of(storedKey, authMessage);
    if (proof.length != signature.length) {
      return false;
    }
    var clientKey = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      clientKey[i] = (byte) (proof[i] ^ signature[i]);
    }
    return isClientKey(clientKey);
  }

  private boolean isClientKey(byte[] clientKey) {
    return MessageDigest.isEqual(storedKey, Hmac.sha256(clientKey));
  }

  /** Returns what shows a client that the server knows its keys. */
  byte[] serverSignature(byte[] authMessage) {
    return Hmac.SHA_256.of(serverKey, authMessage);
  }
}
