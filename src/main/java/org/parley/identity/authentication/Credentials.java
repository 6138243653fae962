package org.parley.identity.authentication;

import java.util.Optional;

/** What a CONNECT brings to prove who its sender is, beside a certificate. */
public sealed interface Credentials {
  /** Neither a user name nor a password. */
  record None() implements Credentials {}

  /** A user name, and no password with it. */
  record NameOnly(String userName) implements Credentials {}

  /**
   * A password, with a user name or, as MQTT 5.0 lets it be, without.
   *
   * @param password the caller's own; nobody keeps it
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over; nobody compares passwords here
  record Password(Optional<String> userName, byte[] password) implements Credentials {}

  /**
   * What an Authentication Method has proved. The password of such a CONNECT is not looked at.
   *
   * @param claimed the user name that stands in CONNECT
   */
  record Proved(String userName, Optional<String> claimed) implements Credentials {}

  /** What stands in a CONNECT without an Authentication Method. */
  static Credentials of(Optional<String> userName, Optional<byte[]> password) {
    if (password.isPresent()) {
      return new Password(userName, password.get());
    }
    return userName.<Credentials>map(NameOnly::new).orElseGet(None::new);
  }
}
