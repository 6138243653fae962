package org.parley.fault;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What no byte of the broker's may tell: names of classes, and places. */
final class Leaks {
  /** The one page of Open Liberty's own that docs/hostile-input.md knows of is left out. */
  private static final Pattern SIGN =
      Pattern.compile(
          "org\\.parley|com\\.ibm|io\\.netty|org\\.rocksdb|java\\.(lang|util|io|net)|jakarta\\."
              + "|Exception|\\tat (org|com|java|io)|Liberty|/wlp/"
              + "|(?!CWWWC0005I)(CW[A-Z]{2,3}|SRVE)\\d{4}[AEIW]|"
              + Pattern.quote(Path.of("").toAbsolutePath().toString()));

  private Leaks() {}

  static void check(byte[] answer, Situation situation) {
    var text = new String(answer, StandardCharsets.ISO_8859_1);
    var sign = SIGN.matcher(text);
    if (sign.find()) {
      int from = Math.max(0, sign.start() - 60);
      int to = Math.min(text.length(), sign.end() + 100);
      situation.findings().add("told to a peer: " + text.substring(from, to));
    }
  }
}
