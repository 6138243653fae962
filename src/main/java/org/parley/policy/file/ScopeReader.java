package org.parley.policy.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.parley.policy.Glob;
import org.parley.policy.Rule.Kind;
import org.parley.policy.Scope;
import org.parley.policy.Template;
import org.parley.policy.file.Node.Text;

/** Reads what of its actions a rule is about. Each key belongs to some actions and no others. */
final class ScopeReader {
  static final List<String> KEYS =
      List.of("target", "message_type", "topics", "retain", "client_ids");

  private static final String FILTER =
      "use a Topic Filter, with %c, %u, %cn as placeholders and %% for a percent sign";
  private static final String CLIENT_ID =
      "use * for any run of characters, %u and %cn as placeholders, and %% for a percent sign";

  private final Mapping fields;
  private final Set<Kind> kinds;

  private ScopeReader(Mapping fields, Set<Kind> kinds) {
    this.fields = fields;
    this.kinds = kinds;
  }

  static Scope read(Mapping fields, Set<Kind> kinds) throws PolicyProblemException {
    var reader = new ScopeReader(fields, kinds);
    var targets = reader.texts("target", List.of(Kind.SEND));
    for (var target : targets) {
      if (!target.value().startsWith("pcp://") && !target.value().startsWith("*")) {
        throw new PolicyProblemException(
            target.place(), "no target", target.value(), "begin it with pcp:// or *");
      }
    }
    return new Scope(
        globs(targets),
        globs(reader.texts("message_type", List.of(Kind.SEND))),
        templates(
            reader.texts("topics", List.of(Kind.PUBLISH, Kind.SUBSCRIBE)),
            Scope::topic,
            "no topic filter",
            FILTER),
        reader.retain(),
        templates(
            reader.texts("client_ids", List.of(Kind.CONNECT)),
            Scope::clientId,
            "no pattern of client identifiers",
            CLIENT_ID));
  }

  private List<Text> texts(String key, List<Kind> of) throws PolicyProblemException {
    requireOnly(key, of);
    return fields.texts(key);
  }

  private Optional<Boolean> retain() throws PolicyProblemException {
    requireOnly("retain", List.of(Kind.PUBLISH));
    var value = fields.find("retain");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    return switch (value.get()) {
      case Node.Other(_, var text) when text.equals("true") -> Optional.of(true);
      case Node.Other(_, var text) when text.equals("false") -> Optional.of(false);
      case Node other ->
          throw new PolicyProblemException(
              other.place(), "no truth value", "", "write true or false, without quotes");
    };
  }

  /** What tells the objects of an action apart belongs to a rule about that and nothing else. */
  private void requireOnly(String key, List<Kind> of) throws PolicyProblemException {
    var value = fields.find(key);
    if (value.isPresent() && !of.containsAll(kinds)) {
      var labels = of.stream().map(Kind::label).collect(Collectors.joining(" or "));
      throw new PolicyProblemException(
          value.get().place(),
          key + " without " + labels,
          "",
          "give the rule the action "
              + labels
              + " alone, and the other actions a rule of their own");
    }
  }

  private static List<Glob> globs(List<Text> texts) {
    return texts.stream().map(Text::value).map(Glob::of).toList();
  }

  private static List<Template> templates(
      List<Text> texts, Function<String, Optional<Template>> parser, String problem, String remedy)
      throws PolicyProblemException {
    var templates = new ArrayList<Template>();
    for (var text : texts) {
      var template = parser.apply(text.value());
      if (template.isEmpty()) {
        throw new PolicyProblemException(text.place(), problem, text.value(), remedy);
      }
      templates.add(template.get());
    }
    return templates;
  }
}
