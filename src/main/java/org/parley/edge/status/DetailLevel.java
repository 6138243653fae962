package org.parley.edge.status;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How much a status page tells; each level includes those before it. */
enum DetailLevel {
  /** The state. */
  CRITICAL,
  /** Also what PCP does. */
  INFO,
  /** Also the JVM's threads and memory. */
  DEBUG;

  /** Returns the level of a name in lower case, or empty if there is none of it. */
  static Optional<DetailLevel> named(String name) {
    return Arrays.stream(values()).filter(level -> level.label().equals(name)).findFirst();
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
