package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.pcp.broker.BrokerFixture.query;

import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.parley.core.CloseReason;
import org.parley.core.Crew;
import org.parley.pcp.broker.Replies.Unauthorized;
import org.parley.session.ClientSession;

/** Single interleavings of two threads that must not leave anything behind. */
class BrokerRaceTest {

  static Stream<Arguments> ends() {
    BiConsumer<PcpBroker, ClientSession> ended = (broker, s) -> broker.end(s, CloseReason.IDLE);
    BiConsumer<PcpBroker, ClientSession> gone = PcpBroker::disconnected;
    return Stream.of(Arguments.argumentSet("ended", ended), Arguments.argumentSet("gone", gone));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void givenSessionThatSubscribesWhileItEnds_whenItIsOver_thenNoSubscriptionIsLeft(
      BiConsumer<PcpBroker, ClientSession> end) {
    var registry = new InterruptedRegistry();
    var fixture =
        new BrokerFixture(registry, BrokerFixture.UPDATE_BYTES, Unauthorized.ERROR_MESSAGE);
    var session = fixture.connect("control", "controller");
    registry.beforeDisassociation(() -> fixture.broker.receive(session, query(true, "pcp://*/*")));

    end.accept(fixture.broker, session);

    assertThat(fixture.inventory.subscriptions()).isZero();
  }

  @Test
  void givenHundredConnectionsOfOneUri_whenTheyRace_thenOneIsOpenAndTheInventoryShowsIt() {
    var fixture = new BrokerFixture();
    var sessions = new ClientSession[100];

    Crew.run(100, thread -> sessions[thread] = fixture.connect("raced", "agent"));

    var open =
        Stream.of(sessions).filter(session -> session.connection().closedFor().isEmpty()).toList();
    assertThat(open).hasSize(1).containsExactlyElementsOf(fixture.registry.sessions());
    assertThat(fixture.counters.supersessions()).isEqualTo(99);
  }
}
