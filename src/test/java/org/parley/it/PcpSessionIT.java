package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The first thing that must work: two peers, a message, its reply. */
class PcpSessionIT extends ServerUnderTest {
  @Test
  void givenControllerAndAgent_whenMessageIsSent_thenItArrivesWithItsSender() throws Exception {
    try (var controller = connect("controller-session", "/pcp2/controller");
        var agent = connect("agent-session", "/pcp2/")) {
      controller.sendText(
          """
          {"id":"11111111-2222-3333-4444-555555555555","message_type":"hello",
          "target":"pcp://agent-session/agent","data":{"n":1.0}}\
          """);

      assertThat(agent.awaitText(SOON))
          .isEqualTo(
              "{\"id\":\"11111111-2222-3333-4444-555555555555\",\"message_type\":\"hello\","
                  + "\"target\":\"pcp://agent-session/agent\","
                  + "\"sender\":\"pcp://controller-session/controller\",\"data\":{\"n\":1.0}}");
    }
  }
}
