package org.parley.edge.linelog;

/**
 * Parts of a line of JSON (RFC 8259). Everything of a peer that is not printable ASCII is escaped,
 * marks that turn the direction of writing too.
 */
public final class JsonParts {
  private JsonParts() {}

  /** Begins the object. */
  public static void time(StringBuilder out, long millis) {
    out.append("{\"time\":\"");
    LineLayout.appendTime(out, millis);
    out.append('"');
  }

  /** Appends a member whose value needs no escapes. */
  public static void plain(StringBuilder out, String key, String value) {
    out.append(",\"").append(key).append("\":\"").append(value).append('"');
  }

  public static void number(StringBuilder out, String key, long value) {
    out.append(",\"").append(key).append("\":").append(value);
  }

  /** Appends a member whose value somebody else has chosen. */
  public static void text(StringBuilder out, String key, String value) {
    out.append(",\"").append(key).append("\":");
    string(out, value);
  }

  /** Appends a text, in quotation marks. */
  public static void string(StringBuilder out, String value) {
    out.append('"');
    int copied = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean special = c == '"' || c == '\\';
      if (!special && LineLayout.isPrintable(c)) {
        continue;
      }
      out.append(value, copied, i);
      copied = i + 1;
      if (special) {
        out.append('\\').append(c);
      } else {
        LineLayout.appendEscaped(out, c);
      }
    }
    out.append(value, copied, value.length()).append('"');
  }
}
