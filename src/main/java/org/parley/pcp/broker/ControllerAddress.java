package org.parley.pcp.broker;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.parley.session.ClientUri;

/**
 * Where a controller listens, as the operator wrote it: {@code wss://host[:port][/path]} (section
 * 2.5). The broker dials it; a controller that dials the broker is a client.
 *
 * @param authority host name or IPv4 address, with its port if one was given; nothing but letters,
 *     digits, {@code . -} and one colon, so that it can stand in a target and in a log
 * @param path empty, or begins with {@code /} and does not end with one
 */
public record ControllerAddress(String authority, String path) {
  /** What the reference broker appends to the path: the broker is the {@code server} there. */
  private static final String TYPE = "server";

  private static final Pattern FORM =
      Pattern.compile(
          "wss://([A-Za-z0-9][A-Za-z0-9.-]{0,252}(?::(\\d{1,5}))?)((?:/[A-Za-z0-9._~-]+)*)/?");
  private static final int LAST_PORT = 65_535;

  /** Returns the address that a text is; empty if it is none, or one that messages cannot name. */
  public static Optional<ControllerAddress> parse(String text) {
    return Optional.of(FORM.matcher(text))
        .filter(Matcher::matches)
        .filter(form -> possiblePort(form.group(2)))
        .map(form -> new ControllerAddress(form.group(1), form.group(3)));
  }

  private static boolean possiblePort(@Nullable String digits) {
    if (digits == null) {
      return true;
    }
    int port = Integer.parseInt(digits);
    return port > 0 && port <= LAST_PORT;
  }

  /** Returns what messages call the controller: {@code pcp://<authority>/server}. */
  public ClientUri uri() {
    return new ClientUri(authority, TYPE);
  }

  /** Returns the URL that the broker asks for a WebSocket. */
  public String dialled() {
    return "wss://" + authority + path + "/" + TYPE;
  }

  /** Returns the controller's URI, which is fit for a log. */
  @Override
  public String toString() {
    return uri().toString();
  }
}
