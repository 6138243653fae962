package org.parley.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * A text to compare with, whole and exactly, in which {@code *} stands for any run of characters:
 * none, one, many, {@code /} and {@code .} among them. Nothing else is special, and nothing escapes
 * it. Matching takes time in proportion to the two lengths, whatever they are.
 */
public final class Glob {
  private static final char ANY = '*';

  private final String pattern;
  private final List<Part> parts;

  /**
   * What stands between two stars, and how far a mismatch in it falls back (Knuth-Morris-Pratt).
   */
  private static final class Part {
    private final String text;
    private final int[] fallback;

    Part(String text) {
      this.text = text;
      this.fallback = new int[text.length()];
      for (int i = 1, matched = 0; i < text.length(); i++) {
        while (matched > 0 && text.charAt(i) != text.charAt(matched)) {
          matched = fallback[matched - 1];
        }
        if (text.charAt(i) == text.charAt(matched)) {
          matched++;
        }
        fallback[i] = matched;
      }
    }

    int length() {
      return text.length();
    }

    /** Returns where the part ends that is first found between two places; -1 if nowhere. */
    int findEnd(String whole, int from, int to) {
      int matched = 0;
      for (int i = from; i < to && matched < text.length(); i++) {
        while (matched > 0 && whole.charAt(i) != text.charAt(matched)) {
          matched = fallback[matched - 1];
        }
        if (whole.charAt(i) == text.charAt(matched)) {
          matched++;
        }
        if (matched == text.length()) {
          return i + 1;
        }
      }
      return -1;
    }
  }

  private Glob(String pattern, List<Part> parts) {
    this.pattern = pattern;
    this.parts = List.copyOf(parts);
  }

  /** A pattern in which every {@code *} is a wildcard. */
  public static Glob of(String pattern) {
    var parts = new ArrayList<Part>();
    int from = 0;
    for (int star = pattern.indexOf(ANY); star >= 0; star = pattern.indexOf(ANY, from)) {
      // Stars side by side are one; what stands before the first and behind the last may be empty.
      if (star > from || parts.isEmpty()) {
        parts.add(new Part(pattern.substring(from, star)));
      }
      from = star + 1;
    }
    parts.add(new Part(pattern.substring(from)));
    return new Glob(pattern, parts);
  }

  /** A text that matches itself only. */
  public static Glob literal(String text) {
    return new Glob(text, List.of(new Part(text)));
  }

  /** Returns whether the whole text matches. */
  public boolean matches(String text) {
    var first = parts.getFirst();
    if (parts.size() == 1) {
      return text.equals(first.text);
    }
    var last = parts.getLast();
    int at = first.length();
    int end = text.length() - last.length();
    if (at > end || !text.startsWith(first.text) || !text.endsWith(last.text)) {
      return false;
    }
    for (int i = 1; i < parts.size() - 1; i++) {
      at = parts.get(i).findEnd(text, at, end);
      if (at < 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether any of the patterns matches. */
  static boolean any(List<Glob> globs, String text) {
    for (var glob : globs) {
      if (glob.matches(text)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the pattern as written. */
  @Override
  public String toString() {
    return pattern;
  }
}
