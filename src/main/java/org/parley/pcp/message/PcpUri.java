package org.parley.pcp.message;

import java.util.Optional;
import org.parley.session.ClientUri;

/**
 * A URI as it stands in a PCP message: {@code pcp://<common_name>/<client_type>} (PCP URI, section
 * 1.1). It may name one client, the broker ({@code pcp:///server}), or be a wildcard. Comparison is
 * exact and case-sensitive.
 *
 * @param text matches {@code ^pcp://[^/]*}{@code /[^/]+$} whole; at most {@link #MAXIMUM_LENGTH}
 *     characters; the common name is empty only in {@code pcp:///server}
 */
public record PcpUri(String text) {
  /** In characters. No certificate's common name and no client_type allowed here comes near it. */
  public static final int MAXIMUM_LENGTH = 1024;

  private static final String SCHEME = "pcp://";
  private static final String BROKER_TEXT = "pcp:///server";

  /** The broker that the client is connected to. */
  public static final PcpUri BROKER = new PcpUri(BROKER_TEXT);

  /**
   * Wraps a text that is known to be a PCP URI.
   *
   * @throws IllegalArgumentException if it is not; use {@link #parse} for text of a peer
   */
  public PcpUri {
    if (!isUri(text)) {
      throw new IllegalArgumentException("not a PCP URI");
    }
  }

  /** Returns the URI that a text is, or empty if it is none. */
  public static Optional<PcpUri> parse(String text) {
    return isUri(text) ? Optional.of(new PcpUri(text)) : Optional.empty();
  }

  /** Returns the URI of a client. */
  public static PcpUri of(ClientUri client) {
    return new PcpUri(client.toString());
  }

  private static boolean isUri(String text) {
    int slash = text.indexOf('/', SCHEME.length());
    return text.length() <= MAXIMUM_LENGTH
        && text.startsWith(SCHEME)
        && slash >= 0
        && slash + 1 < text.length()
        && text.indexOf('/', slash + 1) < 0
        && (slash > SCHEME.length() || text.equals(BROKER_TEXT));
  }

  /** Returns the part before the last slash; empty for the broker. */
  public String commonName() {
    return text.substring(SCHEME.length(), slash());
  }

  /** Returns the part behind the last slash, never empty. */
  public String clientType() {
    return text.substring(slash() + 1);
  }

  /** Tells whether this is {@code pcp:///server}, the broker that the client is connected to. */
  public boolean isBroker() {
    return text.equals(BROKER_TEXT);
  }

  /**
   * Tells whether {@code *} stands for the whole common name, the whole client_type, or both. A
   * {@code *} beside other characters is a literal.
   */
  public boolean isWildcard() {
    return anyCommonName() || anyClientType();
  }

  /** Tells whether an inventory query with this URI covers a client; the broker's covers none. */
  public boolean matches(ClientUri client) {
    return (anyCommonName() || isPart(SCHEME.length(), slash(), client.commonName()))
        && (anyClientType() || isPart(slash() + 1, text.length(), client.clientType()));
  }

  /**
   * Returns the one client that this URI names; empty for the broker, for a wildcard, and for a
   * literal with {@code *} in it, which no client can have.
   */
  public Optional<ClientUri> client() {
    return isBroker() || text.indexOf('*') >= 0
        ? Optional.empty()
        : Optional.of(new ClientUri(commonName(), clientType()));
  }

  private int slash() {
    return text.lastIndexOf('/');
  }

  private boolean anyCommonName() {
    return isPart(SCHEME.length(), slash(), "*");
  }

  private boolean anyClientType() {
    return isPart(slash() + 1, text.length(), "*");
  }

  private boolean isPart(int from, int to, String expected) {
    return to - from == expected.length() && text.startsWith(expected, from);
  }

  @Override
  public String toString() {
    return text;
  }
}
