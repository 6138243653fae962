package org.parley.policy.file;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.parley.policy.file.PolicyProblem.Place;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/**
 * Reads one YAML 1.2 document, and so JSON, without what makes YAML dangerous: no tags, anchors or
 * aliases, no key twice, keys that are text, a bounded depth. It works on the parser's events, so
 * that nothing is ever made from a tag, and each value keeps its place.
 */
final class YamlReader {
  /** Mappings and lists in one another; a policy needs six. */
  static final int MAX_DEPTH = 8;

  private static final ScalarResolver SCALARS = new CoreScalarResolver(false);

  private final Iterator<Event> events;
  private Place last = Place.START;
  private int depth;

  private YamlReader(String text) {
    var settings = LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /** Reads a text whose length has been checked; empty if there is no document in it. */
  static Optional<Node> read(String text) throws PolicyProblemException {
    var reader = new YamlReader(text);
    try {
      return reader.document();
    } catch (MarkedYamlEngineException e) {
      throw malformed(e.getProblemMark().map(YamlReader::place).orElse(Place.START));
    } catch (ReaderException e) {
      throw malformed(placeOf(text, text.offsetByCodePoints(0, e.getPosition())));
    } catch (YamlEngineException | NumberFormatException _) {
      throw malformed(reader.last); // it takes an escape that the file's end cuts off for a number
    }
  }

  private Event next() {
    var event = events.next();
    last = place(event);
    return event;
  }

  private static PolicyProblemException malformed(Place place) {
    return new PolicyProblemException(
        place, "no YAML or JSON", "", "correct what stands there or just before it");
  }

  /** Returns the place of a character by its index. */
  static Place placeOf(String text, int index) {
    var before = text.substring(0, Math.min(index, text.length()));
    int line = 1 + Math.toIntExact(before.chars().filter(c -> c == '\n').count());
    return new Place(line, before.length() - before.lastIndexOf('\n'));
  }

  private static Place place(Mark mark) {
    return new Place(mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static Place place(Event event) {
    return event.getStartMark().map(YamlReader::place).orElse(Place.START);
  }

  private Optional<Node> document() throws PolicyProblemException {
    next(); // the stream begins
    if (next() instanceof StreamEndEvent) {
      return Optional.empty();
    }
    var root = node(next());
    next(); // the document ends
    var behind = next();
    if (!(behind instanceof StreamEndEvent)) {
      throw new PolicyProblemException(
          place(behind), "a second document", "", "put every rule into the first");
    }
    return Optional.of(root);
  }

  private Node node(Event event) throws PolicyProblemException {
    refuseCleverness(event);
    return switch (event) {
      case ScalarEvent scalar -> scalar(scalar);
      case SequenceStartEvent start -> items(start);
      case MappingStartEvent start -> fields(start);
      default -> throw malformed(place(event));
    };
  }

  private static void refuseCleverness(Event event) throws PolicyProblemException {
    if (event instanceof AliasEvent
        || (event instanceof NodeEvent n && n.getAnchor().isPresent())) {
      throw new PolicyProblemException(
          place(event),
          "an anchor or alias",
          "",
          "write the value out; quote it if it begins with & or *");
    }
    var tag =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag();
          case SequenceStartEvent start -> start.getTag();
          case MappingStartEvent start -> start.getTag();
          default -> Optional.<String>empty();
        };
    if (tag.isPresent()) {
      throw new PolicyProblemException(
          place(event), "a tag", tag.get(), "leave it out; quote a value that begins with !");
    }
  }

  private static Node scalar(ScalarEvent scalar) {
    var tag = SCALARS.resolve(scalar.getValue(), scalar.isPlain());
    return tag.equals(Tag.STR)
        ? new Node.Text(place(scalar), scalar.getValue())
        : new Node.Other(place(scalar), scalar.getValue());
  }

  private Node items(Event start) throws PolicyProblemException {
    deeper(start);
    List<Node> values = new ArrayList<>();
    for (var event = next(); !(event instanceof SequenceEndEvent); event = next()) {
      values.add(node(event));
    }
    depth--;
    return new Node.Items(place(start), values);
  }

  private Node fields(Event start) throws PolicyProblemException {
    deeper(start);
    var values = new LinkedHashMap<String, Node.Field>();
    for (var event = next(); !(event instanceof MappingEndEvent); event = next()) {
      refuseCleverness(event);
      if (!(event instanceof ScalarEvent key)) {
        throw new PolicyProblemException(place(event), "a key that is no text", "", "use text");
      }
      var field = new Node.Field(place(key), node(next()));
      if (values.put(key.getValue(), field) != null) {
        throw new PolicyProblemException(
            place(key), "key given twice", key.getValue(), "leave one of them out");
      }
    }
    depth--;
    return new Node.Fields(place(start), values);
  }

  private void deeper(Event start) throws PolicyProblemException {
    depth++;
    if (depth > MAX_DEPTH) {
      throw new PolicyProblemException(
          place(start),
          "nested too deep",
          "",
          "a policy needs six levels, " + MAX_DEPTH + " are read");
    }
  }
}
