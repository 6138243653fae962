package org.parley.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Text of a rule in which placeholders stand for what is known of the one who asks: {@code %c} its
 * Client Identifier, {@code %u} its user name, {@code %cn} the common name of its certificate;
 * {@code %%} is a percent sign. A value is put in whole and as it is, or not at all: one that could
 * be read as more than a name (empty, with {@code / + # *} or NUL in it, or with {@code $} where
 * the text begins) is as good as none, so nobody widens a rule by the name that he chooses.
 */
public final class Template {
  private static final char SIGN = '%';
  private static final String NEVER_IN_VALUES = "/+#*\0";

  private final String text;
  private final List<Part> parts;

  private sealed interface Part {
    record Literal(String text) implements Part {}

    /** In the order in which they are looked for: the longest first. */
    enum Placeholder implements Part {
      COMMON_NAME("%cn"),
      CLIENT_ID("%c"),
      USER_NAME("%u");

      private final String sign;

      Placeholder(String sign) {
        this.sign = sign;
      }

      Optional<String> valueOf(Subject subject) {
        return switch (this) {
          case COMMON_NAME -> subject.commonName();
          case CLIENT_ID -> subject.clientId();
          case USER_NAME -> subject.userName();
        };
      }
    }
  }

  private Template(String text, List<Part> parts) {
    this.text = text;
    this.parts = List.copyOf(parts);
  }

  /** Reads a text; empty if a percent sign stands for nothing in it. */
  public static Optional<Template> parse(String text) {
    var parts = new ArrayList<Part>();
    var literal = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      if (text.charAt(at) != SIGN) {
        literal.append(text.charAt(at++));
        continue;
      }
      if (text.startsWith("%%", at)) {
        literal.append(SIGN);
        at += 2;
        continue;
      }
      var placeholder = placeholder(text, at);
      if (placeholder.isEmpty()) {
        return Optional.empty();
      }
      addLiteral(parts, literal);
      parts.add(placeholder.get());
      at += placeholder.get().sign.length();
    }
    addLiteral(parts, literal);
    return Optional.of(new Template(text, parts));
  }

  private static Optional<Part.Placeholder> placeholder(String text, int at) {
    for (var placeholder : Part.Placeholder.values()) {
      if (text.startsWith(placeholder.sign, at)) {
        return Optional.of(placeholder);
      }
    }
    return Optional.empty();
  }

  private static void addLiteral(List<Part> parts, StringBuilder literal) {
    if (!literal.isEmpty()) {
      parts.add(new Part.Literal(literal.toString()));
      literal.setLength(0);
    }
  }

  /** Returns the text for one subject; empty if a value is missing or must not be put in. */
  Optional<String> fill(Subject subject) {
    var filled = new StringBuilder();
    for (var part : parts) {
      switch (part) {
        case Part.Literal(var literal) -> filled.append(literal);
        case Part.Placeholder placeholder -> {
          var value = placeholder.valueOf(subject);
          if (value.isEmpty() || !isName(value.get(), filled.isEmpty())) {
            return Optional.empty();
          }
          filled.append(value.get());
        }
      }
    }
    return Optional.of(filled.toString());
  }

  private static boolean isName(String value, boolean first) {
    return !value.isEmpty()
        && !(first && value.startsWith("$"))
        && value.chars().noneMatch(c -> NEVER_IN_VALUES.indexOf(c) >= 0);
  }

  /** Returns whether the Client Identifier is asked for. */
  boolean asksForClientId() {
    return parts.contains(Part.Placeholder.CLIENT_ID);
  }

  /** Returns what the text is like with names put in. */
  String sample() {
    var sample = new StringBuilder();
    for (var part : parts) {
      sample.append(part instanceof Part.Literal(var literal) ? literal : "name");
    }
    return sample.toString();
  }

  /** Returns the text as written. */
  @Override
  public String toString() {
    return text;
  }
}
