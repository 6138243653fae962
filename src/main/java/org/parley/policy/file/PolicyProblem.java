package org.parley.policy.file;

import org.parley.core.LogText;

/**
 * Why a policy file cannot be used.
 *
 * @param place where in the file
 * @param what a fixed phrase, such as {@code unknown key}
 * @param about the text of the file that it is about, not escaped; empty: none
 * @param remedy a fixed phrase
 */
public record PolicyProblem(Place place, String what, String about, String remedy) {
  private static final int SHOWN = 80;

  /**
   * A place in a file.
   *
   * @param line from 1
   * @param column from 1, in characters
   */
  public record Place(int line, int column) {
    static final Place START = new Place(1, 1);

    @Override
    public String toString() {
      return "line " + line + ", column " + column;
    }
  }

  /** Returns one log-safe line: place, what is wrong, and the remedy. */
  public String line() {
    var shown = about.isEmpty() ? "" : " \"" + LogText.escape(about, SHOWN) + "\"";
    return place + ": " + what + shown + ": " + remedy;
  }

  /** Returns the place and what is wrong, without any text of the file. */
  public String brief() {
    return place + ": " + what;
  }
}
