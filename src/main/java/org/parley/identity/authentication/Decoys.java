package org.parley.identity.authentication;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Stand-ins for users that there are not, so that nobody finds out which there are: what is done
 * for a name costs as much, and is answered alike each time, whether there is such a user or not.
 */
public final class Decoys {
  private static final int SALT_LENGTH = 16;

  private final byte[] secret;

  /**
   * @param secret at least 16 bytes that nobody can foresee. While it is the same, a name gets the
   *     same stand-in
   */
  public Decoys(byte[] secret) {
    this.secret = secret.clone();
  }

  /** Returns the hash of some user, the same one for the same name. */
  PasswordHash hash(Users users, String name) {
    return users.all().get(index(digest(name), users.all()));
  }

  /** Returns keys such as other users have, with a salt of this name's own. */
  ScramKeys scramKeys(Users users, String name) {
    var digest = digest(name);
    var like = users.scram();
    if (like.isEmpty()) {
      return ScramKeys.ofNobody(ScramKeys.LEAST_ITERATIONS, Arrays.copyOf(digest, SALT_LENGTH));
    }
    var model = like.get(index(digest, like));
    return ScramKeys.ofNobody(model.iterations(), salt(digest, model.saltLength()));
  }

  /** Salts may be longer than the digest: what is missing is made of it. */
  private byte[] salt(byte[] digest, int length) {
    var salt = Arrays.copyOf(digest, Math.max(length, 2 * digest.length));
    var more = Hmac.SHA_256.of(secret, digest);
    System.arraycopy(more, 0, salt, digest.length, more.length);
    return Arrays.copyOf(salt, length);
  }

  /** By bytes that the salt does not show. */
  private int index(byte[] digest, List<?> of) {
    return Math.floorMod(ByteBuffer.wrap(Hmac.SHA_256.of(digest, secret)).getInt(), of.size());
  }

  private byte[] digest(String name) {
    return Hmac.SHA_256.of(secret, name.getBytes(StandardCharsets.UTF_8));
  }
}
