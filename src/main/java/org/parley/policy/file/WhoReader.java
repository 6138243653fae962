package org.parley.policy.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.parley.policy.Attribute;
import org.parley.policy.Condition;
import org.parley.policy.Glob;
import org.parley.policy.Network;
import org.parley.policy.file.Node.Text;

/** Reads the {@code who} of a rule: conditions, all of which must hold. */
final class WhoReader {
  /** What a session can speak. */
  static final List<String> PROTOCOLS =
      List.of("pcp-v1", "pcp-v2", "mqtt-v3.1", "mqtt-v3.1.1", "mqtt-v5");

  private static final List<String> TRANSPORTS = List.of("tcp", "tls", "ws", "wss");
  private static final List<String> AUTHENTICATIONS = List.of("certificate", "user", "anonymous");

  private static final List<String> KEYS =
      List.of(
          "common_name",
          "client_type",
          "protocol",
          "network",
          "san",
          "extension",
          "issuer",
          "user_name",
          "client_id",
          "transport",
          "authentication");
  private static final List<String> SAN_KEYS = List.of("dns", "uri", "email", "ip");

  private final List<Condition> conditions = new ArrayList<>();

  private WhoReader() {}

  static List<Condition> read(Node node) throws PolicyProblemException {
    var reader = new WhoReader();
    var who = Mapping.of(node, KEYS);
    reader.globs(Attribute.Known.CLIENT_TYPE, who.texts("client_type"));
    reader.protocols(who.texts("protocol"));
    reader.oneOfThese(Attribute.Known.TRANSPORT, who, TRANSPORTS);
    reader.oneOfThese(Attribute.Known.AUTHENTICATION, who, AUTHENTICATIONS);
    reader.globs(Attribute.Known.USER_NAME, who.texts("user_name"));
    reader.globs(Attribute.Known.CLIENT_ID, who.texts("client_id"));
    reader.globs(Attribute.Known.COMMON_NAME, who.texts("common_name"));
    reader.networks(Condition.Address.REMOTE, who.texts("network"));
    reader.globs(Attribute.Known.ISSUER, who.texts("issuer"));
    var san = who.find("san");
    if (san.isPresent()) {
      reader.alternativeNames(Mapping.of(san.get(), SAN_KEYS));
    }
    var extension = who.find("extension");
    if (extension.isPresent()) {
      reader.extensions(extension.get());
    }
    return reader.conditions;
  }

  private void oneOf(Attribute attribute, List<Text> texts, Function<String, Glob> glob) {
    if (!texts.isEmpty()) {
      var accepted = texts.stream().map(Text::value).map(glob).toList();
      conditions.add(new Condition.OneOf(attribute, accepted));
    }
  }

  private void globs(Attribute attribute, List<Text> texts) {
    oneOf(attribute, texts, Glob::of);
  }

  private void protocols(List<Text> texts) throws PolicyProblemException {
    for (var text : texts) {
      if (PROTOCOLS.stream().noneMatch(Glob.of(text.value())::matches)) {
        throw unknown("protocol", text, PROTOCOLS);
      }
    }
    oneOf(Attribute.Known.PROTOCOL, texts, Glob::of);
  }

  private void oneOfThese(Attribute attribute, Mapping who, List<String> known)
      throws PolicyProblemException {
    var texts = who.texts(attribute.key());
    for (var text : texts) {
      if (!known.contains(text.value())) {
        throw unknown(attribute.key(), text, known);
      }
    }
    oneOf(attribute, texts, Glob::literal);
  }

  private static PolicyProblemException unknown(String what, Text text, List<String> known) {
    return new PolicyProblemException(
        text.place(), "unknown " + what, text.value(), "use one of " + String.join(", ", known));
  }

  private void networks(Condition.Address address, List<Text> texts) throws PolicyProblemException {
    if (texts.isEmpty()) {
      return;
    }
    var networks = new ArrayList<Network>();
    for (var text : texts) {
      var network = Network.parse(text.value());
      if (network.isEmpty()) {
        throw new PolicyProblemException(
            text.place(),
            "no network",
            text.value(),
            "use an address, or a network with no bits behind its length, such as 192.0.2.0/24");
      }
      networks.add(network.get());
    }
    conditions.add(new Condition.Within(address, networks));
  }

  private void alternativeNames(Mapping san) throws PolicyProblemException {
    oneOf(
        Attribute.Known.SAN_DNS, san.texts("dns"), name -> Glob.of(name.toLowerCase(Locale.ROOT)));
    globs(Attribute.Known.SAN_URI, san.texts("uri"));
    globs(Attribute.Known.SAN_EMAIL, san.texts("email"));
    networks(Condition.Address.SAN_IP, san.texts("ip"));
  }

  private void extensions(Node node) throws PolicyProblemException {
    if (!(node instanceof Node.Fields(_, var fields)) || fields.isEmpty()) {
      throw new PolicyProblemException(
          node.place(), "no mapping", "", "write one with names such as pp_role, or OIDs");
    }
    for (var field : fields.entrySet()) {
      var name = field.getKey();
      var oid = PuppetExtensions.oid(name);
      if (oid.isEmpty()) {
        throw new PolicyProblemException(
            field.getValue().place(),
            "unknown extension",
            name,
            "use a short name of Puppet's such as pp_role, or an OID in quotes");
      }
      oneOf(
          new Attribute.Extension(name, oid.get()),
          Mapping.texts(field.getValue().value()),
          Glob::literal);
    }
  }
}
