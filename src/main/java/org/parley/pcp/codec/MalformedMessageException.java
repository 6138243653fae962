package org.parley.pcp.codec;

/** Leaves a decoder at the first broken rule. Stackless: malformed input must be cheap. */
final class MalformedMessageException extends Exception {
  MalformedMessageException(String detail) {
    super(detail, null, false, false);
  }

  /** Returns which rule was broken and where: one line without text of the peer. */
  String detail() {
    return String.valueOf(getMessage());
  }
}
