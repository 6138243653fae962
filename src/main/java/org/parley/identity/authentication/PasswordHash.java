package org.parley.identity.authentication;

import java.util.Base64;
import java.util.Optional;

/** What is kept of a password: enough to recognise it, too little to know it. */
sealed interface PasswordHash permits Pbkdf2Hash, ScramKeys {
  /** Rounds at the most: each connection with the password costs as much. */
  int MOST_ITERATIONS = 1_000_000;

  int LEAST_SALT = 8;
  int MOST_SALT = 64;

  /** Returns whether this is the password; it takes as long for any other. */
  boolean isOf(byte[] password);

  /** Reads what stands behind the name in a line; empty if it is of no known form. */
  static Optional<PasswordHash> parse(String text) {
    var fields = text.split("\\$", -1);
    if (fields.length < 2 || !fields[0].isEmpty()) {
      return Optional.empty();
    }
    return switch (fields[1]) {
      case Pbkdf2Hash.FORM -> Pbkdf2Hash.parse(fields);
      case ScramKeys.FORM -> ScramKeys.parse(fields);
      default -> Optional.empty();
    };
  }

  /** Reads a number without sign or leading zero; empty if it is out of range. */
  static Optional<Integer> iterations(String text, int least) {
    if (!text.matches("[1-9][0-9]{0,6}")) {
      return Optional.empty();
    }
    int iterations = Integer.parseInt(text);
    return iterations >= least && iterations <= MOST_ITERATIONS
        ? Optional.of(iterations)
        : Optional.empty();
  }

  /** Reads bytes in base64 (RFC 4648 section 4), of a length from least to most. */
  static Optional<byte[]> bytes(String text, int least, int most) {
    try {
      var bytes = Base64.getDecoder().decode(text);
      return bytes.length >= least && bytes.length <= most ? Optional.of(bytes) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
