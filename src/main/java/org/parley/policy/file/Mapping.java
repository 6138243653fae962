package org.parley.policy.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.parley.policy.file.Node.Fields;
import org.parley.policy.file.Node.Text;

/** A mapping of a policy file, whose keys are all known. */
final class Mapping {
  /** Values of one list at the most. */
  static final int MAX_VALUES = 1000;

  /** Characters of one value at the most. */
  static final int MAX_LENGTH = 1024;

  private final Fields fields;

  private Mapping(Fields fields) {
    this.fields = fields;
  }

  /** Takes a mapping; any other value, an empty one, or an unknown key is a problem. */
  static Mapping of(Node node, List<String> keys) throws PolicyProblemException {
    if (!(node instanceof Fields fields) || fields.values().isEmpty()) {
      throw new PolicyProblemException(
          node.place(), "no mapping", "", "write one with " + String.join(", ", keys));
    }
    for (var field : fields.values().entrySet()) {
      if (!keys.contains(field.getKey())) {
        throw new PolicyProblemException(
            field.getValue().place(),
            "unknown key",
            field.getKey(),
            "use one of " + String.join(", ", keys));
      }
    }
    return new Mapping(fields);
  }

  Optional<Node> find(String key) {
    return Optional.ofNullable(fields.values().get(key)).map(Node.Field::value);
  }

  /** Returns a value that must be there. */
  Node need(String key) throws PolicyProblemException {
    var value = find(key);
    if (value.isEmpty()) {
      throw new PolicyProblemException(fields.place(), key + " is missing", "", "add it");
    }
    return value.get();
  }

  /** Returns the one text, or the texts of the list, that a key has; none if it is not there. */
  List<Text> texts(String key) throws PolicyProblemException {
    var value = find(key);
    return value.isEmpty() ? List.of() : texts(value.get());
  }

  static List<Text> texts(Node node) throws PolicyProblemException {
    if (!(node instanceof Node.Items(var place, var values))) {
      return List.of(text(node));
    }
    if (values.isEmpty()) {
      throw new PolicyProblemException(
          place, "an empty list", "", "name a value, or leave its key out");
    }
    if (values.size() > MAX_VALUES) {
      throw new PolicyProblemException(
          place, "too many values", "", "use " + MAX_VALUES + " at the most, or * in them");
    }
    var texts = new ArrayList<Text>();
    for (var item : values) {
      texts.add(text(item));
    }
    return texts;
  }

  static Text text(Node node) throws PolicyProblemException {
    return switch (node) {
      case Text text when text.value().isEmpty() ->
          throw new PolicyProblemException(
              text.place(), "an empty value", "", "name a value, or leave its key out");
      case Text text when text.value().length() > MAX_LENGTH ->
          throw new PolicyProblemException(
              text.place(),
              "value too long",
              text.value(),
              "use " + MAX_LENGTH + " characters at the most");
      case Text text -> text;
      case Node.Other other ->
          throw new PolicyProblemException(
              other.place(),
              "no text",
              other.value(),
              "write text, in quotes if it reads as a number, true, false or null");
      case Node.Items items ->
          throw new PolicyProblemException(items.place(), "a list", "", "write one text there");
      case Fields map ->
          throw new PolicyProblemException(map.place(), "a mapping", "", "write text there");
    };
  }
}
