package org.parley.policy;

/** Something known of a subject in text, which conditions compare. */
public sealed interface Attribute {
  /** Returns its key in a policy file, with a dot for each level. */
  String key();

  /** What every subject may have. */
  enum Known implements Attribute {
    COMMON_NAME("common_name"),
    /** Lower case, as names of DNS are compared. */
    SAN_DNS("san.dns"),
    SAN_URI("san.uri"),
    SAN_EMAIL("san.email"),
    /** The distinguished name of the certificate's issuer (RFC 2253). */
    ISSUER("issuer"),
    PROTOCOL("protocol"),
    CLIENT_TYPE("client_type"),
    CLIENT_ID("client_id"),
    USER_NAME("user_name"),
    TRANSPORT("transport"),
    /** What it was identified by: {@code certificate}, {@code user}, both, or {@code anonymous}. */
    AUTHENTICATION("authentication");

    private final String key;

    Known(String key) {
      this.key = key;
    }

    @Override
    public String key() {
      return key;
    }
  }

  /**
   * The text of an extension of the certificate.
   *
   * @param name as the file has it: a short name of Puppet's, or the OID
   */
  record Extension(String name, String oid) implements Attribute {
    @Override
    public String key() {
      return "extension." + name;
    }
  }
}
