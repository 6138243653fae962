package org.parley.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One line of a ban list in its words: what stands between spaces and tabs, or between quotes, in
 * which a backslash comes before a quote or a backslash. A word that begins with {@code #} begins a
 * comment.
 */
final class BanLine {
  private static final char QUOTE = '"';
  private static final char ESCAPE = '\\';

  private final String line;
  private int at;

  private BanLine(String line) {
    this.line = line;
  }

  /** Returns the words; empty if a quote is not as it must be. */
  static Optional<List<String>> words(String line) {
    return new BanLine(line).read();
  }

  private Optional<List<String>> read() {
    var words = new ArrayList<String>();
    while (true) {
      while (at < line.length() && isSpace(line.charAt(at))) {
        at++;
      }
      if (at == line.length() || line.charAt(at) == '#') {
        return Optional.of(words);
      }
      var word = line.charAt(at) == QUOTE ? quoted() : Optional.of(plain());
      if (word.isEmpty()) {
        return Optional.empty();
      }
      words.add(word.get());
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  private String plain() {
    int from = at;
    while (at < line.length() && !isSpace(line.charAt(at))) {
      at++;
    }
    return line.substring(from, at);
  }

  private Optional<String> quoted() {
    var word = new StringBuilder();
    for (at++; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == QUOTE) {
        at++;
        return at == line.length() || isSpace(line.charAt(at))
            ? Optional.of(word.toString())
            : Optional.empty();
      }
      if (c == ESCAPE) {
        at++;
        if (at == line.length() || (line.charAt(at) != QUOTE && line.charAt(at) != ESCAPE)) {
          return Optional.empty();
        }
      }
      word.append(line.charAt(at));
    }
    return Optional.empty();
  }
}
