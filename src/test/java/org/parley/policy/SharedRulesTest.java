package org.parley.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.policy.Peers.peer;
import static org.parley.policy.file.Policies.allow;
import static org.parley.policy.file.Policies.policyOf;

import org.junit.jupiter.api.Test;

class SharedRulesTest {
  private final RulePolicy policy =
      policyOf(
          allow("ping", "action: send\nmessage_type: ping"),
          allow("boss", "action: send\nwho: {common_name: boss}"));

  private MessageRules messages(String commonName) {
    return policy.fitting(peer(commonName, "agent")).messages();
  }

  @Test
  void givenSubjectsOfOtherRules_whenTheyAreKept_thenEachHasItsOwn() {
    assertThat(messages("a")).isNotEqualTo(messages("boss"));
  }

  @Test
  void givenSubjectsOfTheSameRules_whenTheyAreKept_thenTheRulesAreKeptOnce() {
    assertThat(messages("a")).isSameAs(messages("b"));
  }
}
