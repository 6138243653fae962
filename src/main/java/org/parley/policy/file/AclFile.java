package org.parley.policy.file;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An ACL file of mosquitto 2.0. A client with a user name has the section of its user, if there is
 * one; a client without has the general one; the patterns are looked at after that, for everybody.
 * In each, what denies comes before what allows. Topics are Topic Filters as a policy writes them.
 */
final class AclFile {
  /** What a line says of its topic, in the order in which mosquitto looks at it. */
  enum Access {
    DENY("deny", "deny", "[publish, subscribe]"),
    READ("read", "allow", "subscribe"),
    WRITE("write", "allow", "publish"),
    READ_WRITE("readwrite", "allow", "[publish, subscribe]");

    private final String word;
    private final String effect;
    private final String actions;

    Access(String word, String effect, String actions) {
      this.word = word;
      this.effect = effect;
      this.actions = actions;
    }

    /** Returns its word in an ACL file. */
    String word() {
      return word;
    }

    /** Returns the effect of its rule in a policy. */
    String effect() {
      return effect;
    }

    /** Returns the actions of its rule in a policy. */
    String actions() {
      return actions;
    }
  }

  /** Topics by what may be done with them. */
  static final class Section {
    private final Map<Access, Set<String>> topics = new EnumMap<>(Access.class);
    private int line;

    private Section(int line) {
      this.line = line;
    }

    /** Returns the line in which it begins, from 1. */
    int line() {
      return line;
    }

    void add(Access access, String topic, int inLine) {
      line = line == 0 ? inLine : line;
      topics.computeIfAbsent(access, _ -> new LinkedHashSet<>()).add(topic);
    }

    List<String> topics(Access access) {
      return List.copyOf(topics.getOrDefault(access, Collections.emptySet()));
    }

    boolean isEmpty() {
      return topics.isEmpty();
    }

    /** Returns whether a topic that is denied asks for this name. */
    boolean deniesBy(String placeholder) {
      return topics(Access.DENY).stream().anyMatch(topic -> asksFor(topic, placeholder));
    }

    private static boolean asksFor(String topic, String placeholder) {
      return topic.replace("%%", "").contains(placeholder);
    }
  }

  private final Section general = new Section(0);
  private final Map<String, Section> users = new LinkedHashMap<>();
  private final Section patterns = new Section(0);

  /** Returns what is for clients without user name. */
  Section general() {
    return general;
  }

  /** Returns what is for a user; a user who is named again goes on with the same section. */
  Section user(String name, int line) {
    return users.computeIfAbsent(name, _ -> new Section(line));
  }

  /** Returns what is for each user, in the order of the file. */
  Map<String, Section> users() {
    return Collections.unmodifiableMap(users);
  }

  /** Returns what is for everybody, with placeholders. */
  Section patterns() {
    return patterns;
  }

  /** Returns whether it is about no topic at all. */
  boolean isEmpty() {
    return general.isEmpty()
        && patterns.isEmpty()
        && users.values().stream().allMatch(Section::isEmpty);
  }
}
