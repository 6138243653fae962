package org.parley.policy.file;

import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.parley.policy.file.Policies.file;

import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Files that are refused for what they say, with what the broker says then. */
final class BadPolicies {
  private static final String OK = "name: a\neffect: allow\n";
  private static final String ROOT_KEYS = "use one of version, rules";
  private static final String RULE_KEYS =
      "use one of name, effect, action, who, target, message_type, topics, retain, client_ids";
  private static final String WHO_KEYS =
      "common_name, client_type, protocol, network, san, extension, issuer, user_name, client_id,"
          + " transport, authentication";
  private static final String LEAVE_OUT = "name a value, or leave its key out";
  private static final String NO_RULES =
      "no rules: write a list of rules, or leave the setting empty for the built-in policy";
  private static final String QUOTES =
      "write text, in quotes if it reads as a number, true, false or null";
  private static final String NETWORK =
      "use an address, or a network with no bits behind its length, such as 192.0.2.0/24";

  private static final String PROTOCOLS = "pcp-v1, pcp-v2, mqtt-v3.1, mqtt-v3.1.1, mqtt-v5";
  private static final String TOPIC =
      "use a Topic Filter, with %c, %u, %cn as placeholders and %% for a percent sign";
  private static final String CLIENT_ID =
      "use * for any run of characters, %u and %cn as placeholders, and %% for a percent sign";
  private static final String OF_THEIR_OWN = ", and the other actions a rule of their own";

  private BadPolicies() {}

  private static Arguments bad(String name, String text, String line) {
    return argumentSet(name, text, line);
  }

  private static String who(String condition) {
    return file(OK + "action: send\nwho:\n  " + condition);
  }

  /** Those whose shape is wrong: the schema refuses them too. */
  static Stream<Arguments> shape() {
    return Stream.of(document(), rule(), conditions(), topics()).flatMap(part -> part);
  }

  private static Stream<Arguments> document() {
    return Stream.of(
        bad("null", "---\n", "line 2, column 1: no mapping: write one with version, rules"),
        bad("text", "allow", "line 1, column 1: no mapping: write one with version, rules"),
        bad("list", "[]", "line 1, column 1: no mapping: write one with version, rules"),
        bad("nothing in it", "{}", "line 1, column 1: no mapping: write one with version, rules"),
        bad("no version", "rules: []", "line 1, column 1: version is missing: add it"),
        bad(
            "other version",
            "version: 2\nrules: []",
            "line 1, column 10: unknown version: write version: 1"),
        bad(
            "version as text",
            "version: '1'\nrules: []",
            "line 1, column 10: unknown version: write version: 1"),
        bad("no rules", "version: 1", "line 1, column 1: rules is missing: add it"),
        bad("empty rules", "version: 1\nrules: []", "line 2, column 8: " + NO_RULES),
        bad("null rules", "version: 1\nrules:\n", "line 2, column 7: " + NO_RULES),
        bad("rules as mapping", "version: 1\nrules: {}", "line 2, column 8: " + NO_RULES),
        bad(
            "unknown key",
            "version: 1\nrule: []",
            "line 2, column 1: unknown key \"rule\": " + ROOT_KEYS),
        bad(
            "too many rules",
            "version: 1\nrules: [" + String.join(",", Collections.nCopies(1001, "a")) + "]",
            "line 2, column 8: too many rules: use 1000 at the most"));
  }

  private static Stream<Arguments> rule() {
    return Stream.of(
        bad(
            "rule as text",
            file("allow"),
            "line 3, column 5: no mapping: write one with name, effect, action, who, target,"
                + " message_type, topics, retain, client_ids"),
        bad(
            "unknown key",
            file(OK + "action: send\nmesage_type: a"),
            "line 6, column 5: unknown key \"mesage_type\": " + RULE_KEYS),
        bad(
            "no name",
            file("effect: allow\naction: send"),
            "line 3, column 5: name is missing: add it"),
        bad(
            "no effect",
            file("name: a\naction: send"),
            "line 3, column 5: effect is missing: add it"),
        bad("no action", file(OK), "line 3, column 5: action is missing: add it"),
        bad(
            "bad name",
            file("name: a/b\neffect: allow\naction: send"),
            "line 3, column 11: bad rule name \"a/b\": use up to 100 letters, digits, spaces and"
                + " ._:-, a letter or digit at both ends"),
        bad(
            "name of ours",
            file("name: no-rule-fits\neffect: allow\naction: send"),
            "line 3, column 11: rule name of the broker's own \"no-rule-fits\": choose another"),
        bad(
            "name as number",
            file("name: 1\neffect: allow\naction: send"),
            "line 3, column 11: no text \"1\": " + QUOTES),
        bad(
            "name as list",
            file("name: [a]\neffect: allow\naction: send"),
            "line 3, column 11: a list: write one text there"),
        bad(
            "effect",
            file("name: a\neffect: Allow\naction: send"),
            "line 4, column 13: unknown effect \"Allow\": use allow or deny"),
        bad(
            "action",
            file(OK + "action: write"),
            "line 5, column 13: unknown action \"write\": use associate, send, inventory, connect,"
                + " publish or subscribe"),
        bad(
            "no action in the list",
            file(OK + "action: []"),
            "line 5, column 13: an empty list: " + LEAVE_OUT),
        bad(
            "target of an association",
            file(OK + "action: [associate, send]\ntarget: pcp://*/agent"),
            "line 6, column 13: target without send: give the rule the action send alone, and the"
                + " other actions a rule of their own"),
        bad(
            "message_type of the inventory",
            file(OK + "action: inventory\nmessage_type: a"),
            "line 6, column 19: message_type without send: give the rule the action send alone,"
                + " and the other actions a rule of their own"),
        bad(
            "target that none has",
            file(OK + "action: send\ntarget: client01"),
            "line 6, column 13: no target \"client01\": begin it with pcp:// or *"));
  }

  private static Stream<Arguments> conditions() {
    return Stream.of(
        bad(
            "who is nobody",
            file(OK + "action: send\nwho: {}"),
            "line 6, column 10: no mapping: write one with " + WHO_KEYS),
        bad(
            "who is empty",
            file(OK + "action: send\nwho:"),
            "line 6, column 9: no mapping: write one with " + WHO_KEYS),
        bad(
            "unknown condition",
            who("cn: a"),
            "line 7, column 7: unknown key \"cn\": use one of " + WHO_KEYS),
        bad("no value", who("common_name:"), "line 7, column 19: no text: " + QUOTES),
        bad("empty", who("common_name: ''"), "line 7, column 20: an empty value: " + LEAVE_OUT),
        bad("empty list", who("common_name: []"), "line 7, column 20: an empty list: " + LEAVE_OUT),
        bad("null in list", who("issuer: [~]"), "line 7, column 16: no text \"~\": " + QUOTES),
        bad(
            "list in list",
            who("issuer: [[a]]"),
            "line 7, column 16: a list: write one text there"),
        bad("mapping", who("issuer: {a: b}"), "line 7, column 15: a mapping: write text there"),
        bad(
            "too long",
            who("issuer: " + "a".repeat(1025)),
            "line 7, column 15: value too long \""
                + "a".repeat(80)
                + "...(1025 characters)\": use 1024 characters at the most"),
        bad(
            "too many",
            who("issuer: [" + String.join(",", Collections.nCopies(1001, "a")) + "]"),
            "line 7, column 15: too many values: use 1000 at the most, or * in them"),
        bad(
            "protocol",
            who("protocol: pcpv2"),
            "line 7, column 17: unknown protocol \"pcpv2\": use one of " + PROTOCOLS),
        bad(
            "transport",
            who("transport: udp"),
            "line 7, column 18: unknown transport \"udp\": use one of tcp, tls, ws, wss"),
        bad(
            "authentication",
            who("authentication: '*'"),
            "line 7, column 23: unknown authentication \"*\": use one of certificate, user,"
                + " anonymous"),
        bad("network", who("network: lan"), "line 7, column 16: no network \"lan\": " + NETWORK),
        bad(
            "san as text",
            who("san: a"),
            "line 7, column 12: no mapping: write one with dns, uri, email, ip"),
        bad(
            "unknown san",
            who("san: {dn: a}"),
            "line 7, column 13: unknown key \"dn\": use one of dns, uri, email, ip"),
        bad(
            "no extension",
            who("extension: {}"),
            "line 7, column 18: no mapping: write one with names such as pp_role, or OIDs"),
        bad(
            "extension as text",
            who("extension: pp_role"),
            "line 7, column 18: no mapping: write one with names such as pp_role, or OIDs"),
        bad(
            "unknown extension",
            who("extension: {pp_rolle: a}"),
            "line 7, column 19: unknown extension \"pp_rolle\": use a short name of Puppet's such"
                + " as pp_role, or an OID in quotes"),
        bad(
            "truth value",
            who("extension: {pp_cli_auth: true}"),
            "line 7, column 32: no text \"true\": " + QUOTES));
  }

  private static Stream<Arguments> topics() {
    return Stream.of(
        bad(
            "topics of a message",
            file(OK + "action: [publish, send]\ntopics: a"),
            "line 6, column 13: topics without publish or subscribe: give the rule the action"
                + " publish or subscribe alone"
                + OF_THEIR_OWN),
        bad(
            "client_ids of a publication",
            file(OK + "action: publish\nclient_ids: a"),
            "line 6, column 17: client_ids without connect: give the rule the action connect alone"
                + OF_THEIR_OWN),
        bad(
            "retain of a subscription",
            file(OK + "action: [publish, subscribe]\nretain: true"),
            "line 6, column 13: retain without publish: give the rule the action publish alone"
                + OF_THEIR_OWN),
        bad(
            "retain as text",
            file(OK + "action: publish\nretain: 'true'"),
            "line 6, column 13: no truth value: write true or false, without quotes"),
        bad(
            "retain as number",
            file(OK + "action: publish\nretain: 1"),
            "line 6, column 13: no truth value: write true or false, without quotes"));
  }

  private static String topic(String filter) {
    return file(OK + "action: publish\ntopics: '" + filter + "'");
  }

  private static Stream<Arguments> topicsInMeaning() {
    return Stream.of("a/#/b", "a+", "+a", "a#", "%x/a", "a/%", "+%c", "%c#")
        .map(
            filter ->
                bad(
                    "topic " + filter,
                    topic(filter),
                    "line 6, column 13: no topic filter \"" + filter + "\": " + TOPIC));
  }

  /** Those that a schema cannot refuse. */
  static Stream<Arguments> meaning() {
    return Stream.concat(topicsInMeaning(), otherMeaning());
  }

  private static Stream<Arguments> otherMeaning() {
    var rule = OK + "action: send";
    return Stream.of(
        bad(
            "protocol that none speaks",
            who("protocol: mqtt-6*"),
            "line 7, column 17: unknown protocol \"mqtt-6*\": use one of " + PROTOCOLS),
        bad(
            "client_ids by the client identifier",
            file(OK + "action: connect\nclient_ids: 'a-%c'"),
            "line 6, column 17: no pattern of client identifiers \"a-%c\": " + CLIENT_ID),
        bad(
            "client_ids with a lost percent sign",
            file(OK + "action: connect\nclient_ids: [a, '%']"),
            "line 6, column 21: no pattern of client identifiers \"%\": " + CLIENT_ID),
        bad(
            "merge key",
            file(OK + "action: send\n<<: {}"),
            "line 6, column 5: unknown key \"<<\": " + RULE_KEYS),
        bad(
            "name taken",
            file(rule, rule),
            "line 6, column 11: rule name taken \"a\": choose another, line 3 has it"),
        bad(
            "bits behind the length",
            who("network: 10.0.0.1/8"),
            "line 7, column 16: no network \"10.0.0.1/8\": " + NETWORK));
  }
}
