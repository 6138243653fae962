package org.parley.session;

/**
 * The name of one PCP session: {@code pcp://<common_name>/<client_type>}, exact and case-sensitive.
 * Never a wildcard and never the broker.
 *
 * @param commonName the peer certificate's common name, not empty, without {@code /} and {@code *}
 * @param clientType the last path element, not empty, without {@code /} and {@code *}
 */
public record ClientUri(String commonName, String clientType) implements Comparable<ClientUri> {
  public ClientUri {
    requirePart(commonName);
    requirePart(clientType);
  }

  private static void requirePart(String part) {
    if (part.isEmpty() || part.indexOf('/') >= 0 || part.indexOf('*') >= 0) {
      throw new IllegalArgumentException("not a part of a client URI");
    }
  }

  @Override
  public int compareTo(ClientUri other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return "pcp://" + commonName + "/" + clientType;
  }
}
