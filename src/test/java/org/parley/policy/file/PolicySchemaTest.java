package org.parley.policy.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.json.JsonMapper;

/** The published JSON Schema says what the reader does. */
class PolicySchemaTest {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Policies.read(Policies.SCHEMA));
  private static final List<String> EXAMPLES = Policies.examples();

  private static List<String> faults(String policy) {
    var settings = LoadSettings.builder().setSchema(new CoreSchema()).build();
    var json = JsonMapper.shared().writeValueAsString(new Load(settings).loadFromString(policy));
    return SCHEMA.validate(json, InputFormat.JSON).stream().map(Object::toString).toList();
  }

  @ParameterizedTest(name = "{argumentSetName}")
  @MethodSource("org.parley.policy.file.BadPolicies#shape")
  void givenFileOfWrongShape_whenValidated_thenRefusedBySchemaToo(String policy, String line) {
    assertThat(faults(policy)).as(line).isNotEmpty();
  }

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  @Tag("2.12-12")
  void givenExampleOfTheDocumentation_whenReadAndValidated_thenGood(String policy) {
    assertThat(Policies.rules(policy)).isNotEmpty();
    assertThat(faults(policy)).isEmpty();
  }

  @Test
  void givenPolicyOfAnAclFile_whenValidated_thenGood() {
    var acl = "topic a\nuser \"b: c\ntopic deny d\npattern deny e/%c\npattern read e/%u";

    assertThat(faults(AclFiles.made(acl))).isEmpty();
  }

  @Test
  void givenDocumentation_whenItsExamplesAreCounted_thenTheyAreThere() {
    assertThat(EXAMPLES).hasSizeGreaterThan(5);
  }

  static Stream<String> good() {
    return Stream.of(
        """
        {"version": 1, "rules": [{"name": "a", "effect": "deny", "action": ["send", "send"],
          "target": ["*"], "message_type": ["\\"*"]}]}
        """,
        """
        version: 1
        rules:
          - name: A b.c_d:e-f9
            effect: allow
            action: [associate, send, inventory]
            who:
              common_name: ['*', a]
              client_type: agent
              protocol: [pcp-v1, pcp-v2]
              network: ['::/0', 0.0.0.0/0, '::ffff:10.0.0.0/104', 10.0.0.1]
              san: {dns: a, uri: [b], email: c, ip: '::1'}
              extension: {pp_cli_auth: 'true', 1.3.6.1: [a, b]}
              issuer: CN=*
        """,
        """
        version: 1
        rules:
          - name: mqtt
            effect: allow
            action: connect
            who:
              protocol: ['mqtt-*', '*', mqtt-v3.1, mqtt-v3.1.1, mqtt-v5]
              user_name: ['*', a]
              client_id: sensor-*
              transport: [tcp, tls, ws, wss]
              authentication: [certificate, user, anonymous]
            client_ids: ['%cn', '%cn-*', '%u', '100%%']
        """,
        """
        version: 1
        rules:
          - name: topics
            effect: deny
            action: [publish, subscribe]
            topics: ['#', '+/#', '+', '/', a//b, '$SYS/#', '%c/%u/%cn', 'x%c-%u/+', '%%', ' ']
        """,
        """
        version: 1
        rules:
          - name: retained
            effect: deny
            action: publish
            topics: a
            retain: true
        """);
  }

  @ParameterizedTest
  @MethodSource("good")
  void givenFileWithEveryKey_whenReadAndValidated_thenGood(String policy) {
    assertThat(Policies.rules(policy)).hasSize(1);
    assertThat(faults(policy)).isEmpty();
  }
}
