package org.parley.edge;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the headers of an opening handshake say.
 *
 * @param values the values of a header as they came, one for each line
 */
record HandshakeHeaders(Function<String, List<String>> values) {
  /** Returns whether a WebSocket is asked for. */
  boolean upgrade() {
    return of("Upgrade").stream().anyMatch(value -> value.strip().equalsIgnoreCase("websocket"))
        && of("Connection").stream()
            .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("upgrade"));
  }

  /** Returns the origin of the page that asks. Several become one that no page has. */
  Optional<String> origin() {
    var origins = of("Origin");
    return origins.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", origins));
  }

  /** Returns the origin of a page that we serve to the same address. */
  String ownOrigin(boolean secure) {
    var hosts = of("Host");
    return hosts.isEmpty() ? "" : (secure ? "https://" : "http://") + hosts.getFirst();
  }

  /** RFC 6455 section 4.3: a list, perhaps in several headers. */
  List<String> subprotocols() {
    return of("Sec-WebSocket-Protocol").stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(String::strip)
        .toList();
  }

  private List<String> of(String name) {
    return values.apply(name);
  }
}
