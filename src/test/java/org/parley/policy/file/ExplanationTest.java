package org.parley.policy.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.policy.Peers.associate;
import static org.parley.policy.Peers.peer;
import static org.parley.policy.Peers.send;
import static org.parley.policy.file.Policies.allow;
import static org.parley.policy.file.Policies.deny;
import static org.parley.policy.file.Policies.policyOf;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.parley.policy.Action;
import org.parley.policy.Decision.Denied;
import org.parley.policy.Explanation.Passed;
import org.parley.policy.Listing;
import org.parley.policy.RulePolicy;

class ExplanationTest {
  private static final RulePolicy POLICY =
      policyOf(
          allow("connect", "action: [associate, inventory]"),
          allow("bosses", "action: send\nwho: {common_name: [boss, chief]}"),
          deny("far", "action: send\nwho:\n  network: 10.0.0.0/8"),
          allow("roles", "action: send\nwho: {extension: {pp_role: web}}"),
          deny("no-db", "action: send\ntarget: pcp://db*/agent"),
          allow("pings", "action: send\ntarget: pcp://*/agent\nmessage_type: ping"));

  @Test
  void givenMessage_whenExplained_thenTheRuleWithItsLineAndWhyNoneBefore() {
    var explanation = POLICY.explain(send(peer("agent01", "agent"), "pcp://web/agent", "ping"));

    assertThat(explanation.line()).isEqualTo(23);
    assertThat(explanation.passed())
        .containsExactly(
            new Passed("connect", 3, "it is about associate, inventory"),
            new Passed("bosses", 6, "common_name is \"agent01\", not boss or 1 more"),
            new Passed("far", 10, "network is \"192.0.2.1\", not 10.0.0.0/8"),
            new Passed("roles", 15, "extension.pp_role is not there, not web"),
            new Passed("no-db", 19, "target is \"pcp://web/agent\", not pcp://db*/agent"));
  }

  @Test
  void givenMessageThatNoRuleFits_whenExplained_thenSaidInPlainLines() {
    var text =
        POLICY.explain(send(peer("agent01", "agent"), "pcp://web/agent", "a\n\u202E\"")).text();

    assertThat(text)
        .startsWith(
            "agent01 as agent by pcp-v2 from 192.0.2.1, send \"a\\u000A\\u202E\\\"\" to"
                + " \"pcp://web/agent\": denied by no-rule-fits\n"
                + "  not by connect (line 3): it is about associate, inventory\n")
        .endsWith("message_type is \"a\\u000A\\u202E\\\"\", not ping\n");
    assertThat(text.lines()).hasSize(7);
  }

  @Test
  void givenAssociation_whenExplained_thenByItsRule() {
    assertThat(POLICY.explain(associate("a", "agent")).text())
        .isEqualTo("a as agent by pcp-v2 from 192.0.2.1, associate: allowed by connect (line 3)\n");
    assertThat(POLICY.explain(new Action.QueryInventory(peer("a", "agent"))).text())
        .isEqualTo("a as agent by pcp-v2 from 192.0.2.1, inventory: allowed by connect (line 3)\n");
  }

  @Test
  void givenServer_whenExplained_thenReservedBeforeAnyRule() {
    var explanation = POLICY.explain(associate("a", "server"));

    assertThat(explanation.decision()).isEqualTo(new Denied("server-is-reserved"));
    assertThat(explanation.line()).isZero();
    assertThat(explanation.passed()).isEmpty();
  }

  @Test
  void givenSubjects_whenListed_thenWhatEachMayDo() {
    var listing = Listing.of(POLICY, List.of(peer("boss", "agent"), peer("agent01", "server")));

    assertThat(listing.text())
        .isEqualTo(
            """
            boss as agent by pcp-v2 from 192.0.2.1
              associate: allowed by connect (line 3)
              inventory: allowed by connect (line 3)
              send anything else: allowed by bosses
            agent01 as server by pcp-v2 from 192.0.2.1
              associate: denied by server-is-reserved
              inventory: allowed by connect (line 3)
              send * to pcp://db*/agent: denied by no-db (line 19)
              send ping to pcp://*/agent: allowed by pings (line 23)
              send anything else: denied by no-rule-fits
            """);
    assertThat(listing.entries()).hasSize(2);
  }
}
