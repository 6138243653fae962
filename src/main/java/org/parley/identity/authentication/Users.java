package org.parley.identity.authentication;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * User names and what is kept of their passwords: the content of a users file. A value: another
 * file makes another one.
 */
public final class Users {
  /** Bytes of a file at the most. */
  public static final int MAX_BYTES = 16 << 20;

  /** Users of a file at the most. */
  public static final int MAX_USERS = 100_000;

  /** Characters of a name at the most. */
  public static final int MAX_NAME = 255;

  /** Nobody has a password. */
  public static final Users NONE = new Users(Map.of());

  /** What became of the bytes of a file. */
  public sealed interface Parsed {
    /** At least one user. */
    record Loaded(Users users) implements Parsed {}

    /**
     * Nothing of it counts.
     *
     * @param line of the file, from 1
     * @param what a fixed phrase: names and hashes are for nobody's log
     */
    record Failed(int line, String what) implements Parsed {
      /** Returns the place and what is wrong, in one line. */
      public String text() {
        return "line " + line + ": " + what;
      }
    }
  }

  private final Map<String, PasswordHash> hashes;
  private final List<PasswordHash> all;
  private final List<ScramKeys> scram;

  private Users(Map<String, PasswordHash> hashes) {
    this.hashes = Map.copyOf(hashes);
    this.all = List.copyOf(hashes.values());
    this.scram =
        hashes.values().stream()
            .filter(ScramKeys.class::isInstance)
            .map(ScramKeys.class::cast)
            .toList();
  }

  /**
   * Reads a file in UTF-8: one {@code name:hash} a line; empty lines, and lines that begin with
   * {@code #}, are passed over. A file that anything is wrong with counts for nothing, and so does
   * one without users.
   */
  public static Parsed parse(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      return new Parsed.Failed(1, "the file is larger than " + MAX_BYTES + " bytes");
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      return new Parsed.Failed(1, "the file is not in UTF-8");
    }
    var hashes = new LinkedHashMap<String, PasswordHash>();
    int number = 0;
    for (var line : text.split("\r?\n", -1)) {
      number++;
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      var problem = add(line, hashes);
      if (problem.isPresent()) {
        return new Parsed.Failed(number, problem.get());
      }
    }
    return hashes.isEmpty()
        ? new Parsed.Failed(number, "no user in the file; leave the setting empty for none")
        : new Parsed.Loaded(new Users(hashes));
  }

  private static Optional<String> add(String line, Map<String, PasswordHash> hashes) {
    int colon = line.indexOf(':');
    if (colon < 0) {
      return Optional.of("no colon; write name:hash");
    }
    var name = line.substring(0, colon);
    if (!isName(name)) {
      return Optional.of(
          "bad user name; use 1 to " + MAX_NAME + " characters, no control characters");
    }
    var hash = PasswordHash.parse(line.substring(colon + 1));
    if (hash.isEmpty()) {
      return Optional.of("bad hash; use $7$ or $scram-sha-256$, as docs/users.md describes them");
    }
    if (hashes.putIfAbsent(name, hash.get()) != null) {
      return Optional.of("the user name is there already");
    }
    return hashes.size() > MAX_USERS
        ? Optional.of("more than " + MAX_USERS + " users")
        : Optional.empty();
  }

  /** Returns whether a line of the file may begin with this name. */
  public static boolean isName(String name) {
    return !name.isEmpty()
        && name.length() <= MAX_NAME
        && !name.startsWith("#")
        && name.indexOf(':') < 0
        && name.codePoints().noneMatch(Character::isISOControl);
  }

  /** Returns whether there is a user of this name: one that was let in may have been removed. */
  public boolean has(String name) {
    return hashes.containsKey(name);
  }

  /** Returns how many there are. */
  public int size() {
    return hashes.size();
  }

  Optional<PasswordHash> find(String name) {
    return Optional.ofNullable(hashes.get(name));
  }

  /** Returns all hashes, in the order of the file. */
  List<PasswordHash> all() {
    return all;
  }

  /** Returns those that serve SCRAM. */
  List<ScramKeys> scram() {
    return scram;
  }
}
