package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.pcp.broker.BrokerFixture.ID;
import static org.parley.pcp.broker.BrokerFixture.message;
import static org.parley.pcp.broker.BrokerFixture.peer;
import static org.parley.pcp.broker.BrokerFixture.to;

import org.junit.jupiter.api.Test;

/** A message that was taken for a receiver and never written to it is answered to its sender. */
class UndeliveredTest {
  private final BrokerFixture fixture = new BrokerFixture();

  @Test
  void givenMessageQueuedForReceiver_whenItsConnectionEnds_thenSenderGetsNotConnected() {
    var sender = fixture.connect("sender", "agent");
    var receiver = fixture.connect("receiver", "agent");
    fixture.broker.receive(sender, message("hello", to("pcp://receiver/agent")));

    peer(receiver).lose();

    assertThat(peer(sender).sent())
        .singleElement()
        .asString()
        .contains("\"in_reply_to\":\"" + ID + "\"", "\"data\":\"Not connected.\"");
  }

  @Test
  void givenErrorQueuedForSender_whenItsConnectionEndsToo_thenNobodyIsToldAnyMore() {
    var sender = fixture.connect("sender", "agent");
    fixture.broker.receive(sender, message("hello", to("pcp://absent/agent")));

    peer(sender).lose();

    assertThat(peer(sender).sent()).hasSize(1);
  }
}
