package org.parley.policy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whom nobody lets in: addresses, identities and Client Identifiers, each for ever or until a time;
 * the content of a file. Another file makes another list.
 */
public final class BanList {
  /** Bytes of a file at the most. */
  public static final int MAX_BYTES = 16 << 20;

  /** Bans of a file at the most. */
  public static final int MAX_BANS = 100_000;

  /** Bans with {@code *} in them at the most, which are compared one by one. */
  public static final int MAX_PATTERNS = 1_000;

  /** Characters of a name at the most. */
  public static final int MAX_NAME = 1_024;

  /** Nobody is banned. */
  public static final BanList NONE = new BanList();

  /** What became of the bytes of a file. */
  public sealed interface Parsed {
    /** All of it, which may be nobody. */
    record Loaded(BanList bans) implements Parsed {}

    /**
     * Nothing of it counts.
     *
     * @param line of the file, from 1
     * @param what a fixed phrase: names are for nobody's log
     */
    record Failed(int line, String what) implements Parsed {
      /** Returns the place and what is wrong, in one line. */
      public String text() {
        return "line " + line + ": " + what;
      }
    }
  }

  private record Pattern(Glob glob, Ban ban) {}

  /** Bans of one kind of names. */
  private static final class Names {
    private final Map<String, Ban> exact = new HashMap<>();
    private final List<Pattern> patterns = new ArrayList<>();

    void add(String name, Ban ban) {
      if (name.indexOf('*') >= 0) {
        patterns.add(new Pattern(Glob.of(name), ban));
      } else {
        exact.merge(name, ban, Ban::later);
      }
    }

    Optional<Ban> find(String name, Instant now) {
      var ban = exact.get(name);
      if (ban != null && ban.inForce(now)) {
        return Optional.of(ban);
      }
      for (var pattern : patterns) {
        if (pattern.ban.inForce(now) && pattern.glob.matches(name)) {
          return Optional.of(pattern.ban);
        }
      }
      return Optional.empty();
    }
  }

  /** By the length of the network, the longest first. */
  private final Map<Integer, Map<IpAddress, Ban>> networks =
      new TreeMap<>((one, other) -> Integer.compare(other, one));

  private final Names identities = new Names();
  private final Names clientIds = new Names();
  private int size;

  private BanList() {}

  /**
   * Reads a file in UTF-8, one ban a line: {@code address}, {@code identity} or {@code client-id},
   * whom, and, if it ends, {@code until} and a time of ISO 8601 in UTC or with an offset. A file
   * that anything is wrong with counts for nothing, and so does an empty one: it may have been cut.
   */
  public static Parsed parse(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      return new Parsed.Failed(1, "the file is larger than " + MAX_BYTES + " bytes");
    }
    if (bytes.length == 0) {
      return new Parsed.Failed(1, "the file is empty; leave a comment in it to ban nobody");
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      return new Parsed.Failed(1, "the file is not in UTF-8");
    }
    var bans = new BanList();
    int number = 0;
    for (var line : text.split("\r?\n", -1)) {
      number++;
      var words = BanLine.words(line);
      if (words.isEmpty()) {
        return new Parsed.Failed(number, "a quote that has no end, or something right behind it");
      }
      var problem = words.get().isEmpty() ? "" : bans.add(words.get(), number);
      if (!problem.isEmpty()) {
        return new Parsed.Failed(number, problem);
      }
    }
    return new Parsed.Loaded(bans);
  }

  /** Returns what is wrong with a line; empty: nothing. */
  private String add(List<String> words, int line) {
    if (words.size() != 2 && words.size() != 4) {
      return "write the kind, whom, and if it ends: until, and a time";
    }
    var until = Optional.of(Instant.MAX);
    if (words.size() == 4) {
      until = words.get(2).equals("until") ? time(words.get(3)) : Optional.empty();
    }
    if (until.isEmpty()) {
      return "bad end; write until and a time such as 2030-12-31T23:59:59Z";
    }
    if (++size > MAX_BANS) {
      return "more than " + MAX_BANS + " bans";
    }
    var ban = new Ban(line, until.get());
    return switch (words.getFirst()) {
      case "address" -> addNetwork(words.get(1), ban);
      case "identity" -> addName(identities, words.get(1), ban);
      case "client-id" -> addName(clientIds, words.get(1), ban);
      default -> "unknown kind; use address, identity or client-id";
    };
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private String addNetwork(String text, Ban ban) {
    var network = Network.parse(text);
    if (network.isEmpty()) {
      return "bad address; use one such as 192.0.2.7, or a network such as 2001:db8::/32";
    }
    networks
        .computeIfAbsent(network.get().bits(), _ -> new HashMap<>())
        .merge(network.get().base(), ban, Ban::later);
    return "";
  }

  private String addName(Names names, String name, Ban ban) {
    if (name.isEmpty()
        || name.length() > MAX_NAME
        || name.codePoints().anyMatch(Character::isISOControl)) {
      return "bad name; use 1 to " + MAX_NAME + " characters, no control characters";
    }
    names.add(name, ban);
    return identities.patterns.size() + clientIds.patterns.size() > MAX_PATTERNS
        ? "more than " + MAX_PATTERNS + " bans with * in them"
        : "";
  }

  /** Returns the ban of an address; what is no address has none. */
  Optional<Ban> ofAddress(String remoteAddress, Instant now) {
    if (networks.isEmpty()) {
      return Optional.empty();
    }
    return IpAddress.parse(remoteAddress).flatMap(address -> ofAddress(address, now));
  }

  private Optional<Ban> ofAddress(IpAddress address, Instant now) {
    for (var ofLength : networks.entrySet()) {
      int bits = ofLength.getKey();
      // A network of IPv6 has no address of IPv4 in it, although one is mapped into it.
      if (!address.isV4() || bits >= Network.MAPPED_BITS) {
        var ban = ofLength.getValue().get(address.prefix(bits));
        if (ban != null && ban.inForce(now)) {
          return Optional.of(ban);
        }
      }
    }
    return Optional.empty();
  }

  /** Returns the ban of a common name or user name. */
  Optional<Ban> ofIdentity(String name, Instant now) {
    return identities.find(name, now);
  }

  /** Returns the ban of a Client Identifier. */
  Optional<Ban> ofClientId(String clientId, Instant now) {
    return clientIds.find(clientId, now);
  }

  /** Returns how many bans there are, those that are over too. */
  public int size() {
    return size;
  }
}
