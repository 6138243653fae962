package org.parley.identity.authentication;

import java.util.function.Supplier;

/** Compares passwords with those of the users file. */
public final class StoredPasswords implements PasswordAuthentication {
  private final Supplier<Users> users;
  private final Decoys decoys;

  /**
   * @param users those in force at the moment
   */
  public StoredPasswords(Supplier<Users> users, Decoys decoys) {
    this.users = users;
    this.decoys = decoys;
  }

  @Override
  public boolean verify(String userName, byte[] password) {
    var known = users.get();
    if (known.size() == 0) {
      return false; // there is no name to find out
    }
    var hash = known.find(userName);
    var decoy = decoys.hash(known, userName); // looked for in any case: it takes time
    boolean right = hash.orElse(decoy).isOf(password);
    return right && hash.isPresent();
  }
}
