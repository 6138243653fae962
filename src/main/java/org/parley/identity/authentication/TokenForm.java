package org.parley.identity.authentication;

/** What tells a token from a password, by its form alone: nobody's secret is compared for it. */
public final class TokenForm {
  /** Characters of the shortest: a header that names an algorithm has more. */
  private static final int LEAST = 20;

  private static final int DOTS = 2;

  private TokenForm() {}

  /**
   * Returns whether this is three parts of base64url with dots between them, of which the first may
   * be a JSON object (RFC 7515 section 7.1): its opening brace begins with an {@code e} there.
   */
  public static boolean isToken(byte[] text) {
    if (text.length < LEAST || text[0] != 'e') {
      return false;
    }
    int dots = 0;
    for (byte octet : text) {
      if (octet == '.') {
        dots++;
      } else if (!isBase64Url(octet)) {
        return false;
      }
    }
    return dots == DOTS;
  }

  private static boolean isBase64Url(byte octet) {
    return (octet >= 'A' && octet <= 'Z')
        || (octet >= 'a' && octet <= 'z')
        || (octet >= '0' && octet <= '9')
        || octet == '-'
        || octet == '_';
  }
}
