package org.parley.identity.authentication;

/** Says whether a password is that of a user. */
@FunctionalInterface
public interface PasswordAuthentication {
  /**
   * Compares. It takes milliseconds of the processor, on purpose, and as long for a user name that
   * nobody has: not for a thread that others wait for.
   *
   * @param password the caller's own; it is not kept
   */
  boolean verify(String userName, byte[] password);
}
