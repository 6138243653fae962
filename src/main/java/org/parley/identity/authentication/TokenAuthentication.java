package org.parley.identity.authentication;

import java.time.Instant;
import java.util.Optional;

/** Says who a bearer token that stands in place of a password was issued to. */
@FunctionalInterface
public interface TokenAuthentication {
  /** No password is a token. */
  TokenAuthentication NONE = (_, _) -> Optional.empty();

  /**
   * Checks. It takes up to a millisecond of the processor: not for a thread that others wait for.
   *
   * @param userName the one that stands in CONNECT
   * @param password the caller's own; it is not kept
   * @return empty if it does not look like a token, and so is the password of a user
   */
  Optional<Answer> verify(Optional<String> userName, byte[] password);

  /** What came of it. */
  sealed interface Answer {
    /**
     * It is good.
     *
     * @param identity whom it was issued to
     * @param end when it ends
     */
    record Good(String identity, Instant end) implements Answer {}

    /**
     * It is not.
     *
     * @param why a fixed phrase, fit for a log
     */
    record Bad(String why) implements Answer {}

    /** Nobody can tell at the moment: there are no keys. */
    record Undecidable() implements Answer {}
  }
}
