package org.parley.policy.file;

import java.util.List;
import java.util.Map;
import org.parley.policy.file.PolicyProblem.Place;

/** A value of a YAML document, with its place. */
sealed interface Node {
  Place place();

  /** Text: quoted, or plain and no number, truth value or null. */
  record Text(Place place, String value) implements Node {}

  /** A number, a truth value, or null, as written. */
  record Other(Place place, String value) implements Node {}

  record Items(Place place, List<Node> values) implements Node {}

  /** A mapping; each key once. */
  record Fields(Place place, Map<String, Field> values) implements Node {}

  /**
   * An entry of a mapping.
   *
   * @param place of the key
   */
  record Field(Place place, Node value) {}
}
