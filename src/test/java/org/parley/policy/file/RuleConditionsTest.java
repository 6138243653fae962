package org.parley.policy.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.policy.Peers.associate;
import static org.parley.policy.Peers.certified;
import static org.parley.policy.Peers.peer;
import static org.parley.policy.file.Policies.allow;
import static org.parley.policy.file.Policies.deny;
import static org.parley.policy.file.Policies.policyOf;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.policy.Action;
import org.parley.policy.Decision.Allowed;
import org.parley.policy.Decision.Denied;
import org.parley.policy.Policy;
import org.parley.policy.Subject;
import org.parley.testing.CertificateRequest;
import org.parley.testing.Subjects;

/** Each condition of a rule, as written in a file. */
class RuleConditionsTest {
  private static final Subject AGENT =
      certified(
          CertificateRequest.client(Subjects.commonName("agent01"))
              .alternativeNames(
                  new GeneralName(GeneralName.dNSName, "Agent01.Example.COM"),
                  new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://a.test/Web/1"),
                  new GeneralName(GeneralName.rfc822Name, "Ops@example.com"),
                  new GeneralName(GeneralName.iPAddress, "10.1.2.3"),
                  new GeneralName(GeneralName.iPAddress, "2001:db8::7"),
                  new GeneralName(new X500Name("CN=directory")))
              .extension("1.3.6.1.4.1.34380.1.1.13", "web")
              .extension("1.3.6.1.4.1.34380.1.1.12", new DERPrintableString("production"))
              .extension("1.3.6.1.4.1.34380.1.3.13", new DERBMPString("role*"))
              .extension("1.3.6.1.4.1.34380.1.1.1", (ASN1Encodable) new ASN1Integer(7)));

  private static Policy allowing(String condition) {
    return policyOf(allow("rule", "action: associate\nwho:\n  " + condition));
  }

  private static boolean allows(String condition, Subject subject) {
    return switch (allowing(condition).decide(new Action.Associate(subject))) {
      case Allowed(var rule) -> rule.equals("rule");
      case Denied(var rule) -> !rule.equals("no-rule-fits");
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "common_name: agent",
        "common_name: Agent01",
        "common_name: agent01.example.com",
        "common_name: [a, b*]",
        "client_type: Agent",
        "client_type: agents",
        "protocol: pcp-v1",
        "network: 192.0.3.0/24",
        "network: ::/0",
        "issuer: Parley Test CA",
        "issuer: CN=parley*",
        "san: {dns: example.com}",
        "san: {dns: agent01}",
        "san: {uri: 'spiffe://a.test/web/*'}",
        "san: {uri: 'SPIFFE://*'}",
        "san: {email: ops@example.com}",
        "san: {ip: 10.1.2.4}",
        "san: {ip: '2001:db9::/32'}",
        "san: {dns: directory}",
        "san: {dns: '*.example.com', email: nobody}",
        "extension: {pp_role: we}",
        "extension: {pp_role: Web}",
        "extension: {pp_role: w*}",
        "extension: {pp_role: '*'}",
        "extension: {pp_auth_role: role}",
        "extension: {pp_auth_role: role1}",
        "extension: {pp_uuid: '7'}",
        "extension: {pp_zone: ''''}",
        "extension: {1.3.6.1.4.1.5555.7: web}",
        "extension: {2.999999999: web}",
        "extension: {pp_role: web, pp_environment: test}",
        "{common_name: agent01, client_type: controller}"
      })
  void givenConditionThatDoesNotHold_whenDecided_thenTheRuleDoesNotFit(String condition) {
    assertThat(allows(condition, AGENT)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "common_name: agent01",
        "common_name: agent*",
        "common_name: '*'",
        "common_name: [a, '*01']",
        "client_type: agent",
        "client_type: [controller, a*t]",
        "protocol: pcp-v2",
        "protocol: [pcp-v1, pcp-v2]",
        "network: 192.0.2.1",
        "network: [10.0.0.0/8, 192.0.2.0/24]",
        "network: '::ffff:192.0.2.0/120'",
        "issuer: CN=Parley Test CA",
        "issuer: '*=Parley*'",
        "san: {dns: AGENT01.example.com}",
        "san: {dns: [x, '*.Example.com']}",
        "san: {uri: 'spiffe://a.test/*'}",
        "san: {email: '*@example.com'}",
        "san: {ip: 10.0.0.0/8}",
        "san: {ip: ['2001:db8::/32']}",
        "san: {dns: '*.example.com', email: Ops@example.com}",
        "extension: {pp_role: web}",
        "extension: {pp_role: [db, web]}",
        "extension: {pp_environment: production}",
        "extension: {pp_auth_role: role*}",
        "extension: {1.3.6.1.4.1.34380.1.1.13: web}",
        "extension: {pp_role: web, pp_environment: production}",
        "{common_name: agent01, client_type: agent}"
      })
  void givenConditionThatHolds_whenDecided_thenTheRuleFits(String condition) {
    assertThat(allows(condition, AGENT)).isTrue();
  }

  @Test
  void givenCertificateWithoutNamesAndExtensions_whenAsked_thenNoConditionOnThemHolds() {
    var plain = certified(CertificateRequest.client(Subjects.commonName("plain")));

    assertThat(allows("san: {dns: '*'}", plain)).isFalse();
    assertThat(allows("san: {ip: 0.0.0.0/0}", plain)).isFalse();
    assertThat(allows("extension: {pp_role: ''''}", plain)).isFalse();
    assertThat(allows("common_name: plain", plain)).isTrue();
  }

  @Test
  void givenOneCertificateAtTwoAddresses_whenRulesAskForIt_thenEachIsDecidedByItsOwn() {
    var policy = allowing("network: 10.0.0.0/8");

    assertThat(policy.decide(new Action.Associate(peer("a", "agent", "pcp-v2", "10.0.0.1"))))
        .isInstanceOf(Allowed.class);
    assertThat(policy.decide(new Action.Associate(peer("a", "agent", "pcp-v2", "11.0.0.1"))))
        .isInstanceOf(Denied.class);
    assertThat(policy.decide(new Action.Associate(peer("a", "agent", "pcp-v2", "unknown"))))
        .isInstanceOf(Denied.class);
  }

  @ParameterizedTest
  @CsvSource({"server", "SERVER", "Server"})
  void givenRuleThatAllowsEverything_whenAPeerAssociatesAsServer_thenDeniedAllTheSame(String type) {
    var policy = policyOf(allow("all", "action: [associate, send, inventory]"));

    assertThat(policy.decide(associate("a", type))).isEqualTo(new Denied("server-is-reserved"));
    assertThat(policy.decide(associate("a", "servers"))).isEqualTo(new Allowed("all"));
    assertThat(policy.decide(new Action.QueryInventory(peer("a", type))))
        .isEqualTo(new Allowed("all"));
  }

  @Test
  void givenSeveralRulesThatFit_whenDecided_thenByTheFirst() {
    var policy =
        policyOf(
            allow("about-others", "action: associate\nwho: {common_name: boss}"),
            allow("about-messages", "action: send"),
            deny("first", "action: [associate, inventory]\nwho: {common_name: a*}"),
            allow("second", "action: associate"));

    assertThat(policy.decide(associate("agent", "agent"))).isEqualTo(new Denied("first"));
    assertThat(policy.decide(associate("boss", "agent"))).isEqualTo(new Allowed("about-others"));
    assertThat(policy.decide(associate("client", "agent"))).isEqualTo(new Allowed("second"));
  }

  @Test
  void givenNoRuleThatFits_whenDecided_thenDenied() {
    var policy = policyOf(allow("a", "action: send\nwho: {common_name: boss}"));

    assertThat(policy.decide(associate("boss", "agent"))).isEqualTo(new Denied("no-rule-fits"));
    assertThat(policy.decide(new Action.QueryInventory(peer("boss", "agent"))))
        .isEqualTo(new Denied("no-rule-fits"));
    assertThat(policy.decide(new Action.Send(peer("a", "agent"), "pcp://a/agent", "x")))
        .isEqualTo(new Denied("no-rule-fits"));
  }
}
