package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.parley.pcp.broker.BrokerFixture.couldNotDecode;
import static org.parley.pcp.broker.BrokerFixture.message;
import static org.parley.pcp.broker.BrokerFixture.peer;
import static org.parley.pcp.broker.BrokerFixture.query;
import static org.parley.pcp.broker.BrokerFixture.to;

import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.parley.core.CloseReason;
import org.parley.core.Lifecycle.State;

class PcpBrokerTest {
  private final BrokerFixture fixture = new BrokerFixture();

  static Stream<Arguments> undecodable() {
    return Stream.of(
        argumentSet("R14 no JSON", "hello"),
        argumentSet("R14 two objects", message("a", "") + "{}"),
        argumentSet("R14 unknown key", message("a", ",\"ttl\":1")),
        argumentSet("R14 duplicate key", message("a", ",\"message_type\":\"b\"")),
        argumentSet("R14 depth", message("a", ",\"data\":" + "[".repeat(10_000))),
        argumentSet("R14 byte order mark", "\uFEFF" + message("a", "")),
        argumentSet("R15 no id", "{\"message_type\":\"a\"}"),
        argumentSet("R15 id is a number", "{\"id\":1,\"message_type\":\"a\"}"),
        argumentSet("R13 long message_type", message("a".repeat(1 << 20), "")),
        argumentSet("target is no URI", message("a", to("pcp://client01"))));
  }

  @ParameterizedTest
  @MethodSource("undecodable")
  void givenTextThatIsNoMessage_whenReceived_thenCouldNotDecodeAndStillConnected(String text) {
    var session = fixture.connect("client01", "agent");

    fixture.broker.receive(session, text);

    assertThat(peer(session).sent()).containsExactly(couldNotDecode());
    assertThat(peer(session).closedFor()).isEmpty();
    assertThat(fixture.counters.errors()).containsEntry("Could not decode message", 1L);
  }

  @Test
  void givenBinaryMessage_whenReceived_thenCouldNotDecode() {
    var session = fixture.connect("client01", "agent");

    fixture.broker.receive(session, ByteBuffer.allocate(1));

    assertThat(peer(session).sent()).containsExactly(couldNotDecode());
  }

  @Test
  void givenR18SecondConnection_whenAssociated_thenTheFirstIsSuperseded() {
    var old = fixture.connect("client01", "agent");

    var newest = fixture.connect("client01", "agent");

    assertThat(peer(old).closedFor()).contains(CloseReason.SUPERSEDED);
    assertThat(peer(newest).closedFor()).isEmpty();
    assertThat(fixture.registry.sessions()).containsExactly(newest);
    assertThat(fixture.counters.associations()).isEqualTo(2);
    assertThat(fixture.counters.supersessions()).isEqualTo(1);
  }

  @Test
  void givenR18SupersededConnection_whenItSendsLate_thenDroppedAndCounted() {
    var old = fixture.connect("client01", "agent");
    var newest = fixture.connect("client01", "agent");

    fixture.broker.receive(old, message("ping", to("pcp://client01/agent")));
    fixture.broker.receive(old, "no message");
    fixture.broker.receive(old, ByteBuffer.allocate(1));

    assertThat(peer(newest).sent()).isEmpty();
    assertThat(fixture.counters.lateFrames()).isEqualTo(3);
  }

  @Test
  void givenR18SupersededConnection_whenItClosesLate_thenTheNewOneStays() {
    var old = fixture.connect("client01", "agent");
    var newest = fixture.connect("client01", "agent");

    fixture.broker.disconnected(old);

    assertThat(fixture.registry.sessions()).containsExactly(newest);
    assertThat(fixture.counters.disassociations()).isZero();
  }

  @Test
  void givenConnectionThatWeClosed_whenItSendsBeforeItReadsThat_thenDropped() {
    var session = fixture.connect("client01", "agent");
    var other = fixture.connect("client02", "agent");
    peer(session).close(CloseReason.ASSOCIATION_UNSUCCESSFUL);

    fixture.broker.receive(session, message("ping", to("pcp://client02/agent")));

    assertThat(peer(other).sent()).isEmpty();
    assertThat(fixture.counters.lateFrames()).isEqualTo(1);
  }

  @Test
  void givenSession_whenItsConnectionIsGone_thenItsUriIsFree() {
    var session = fixture.connect("client01", "agent");

    fixture.broker.disconnected(session);
    fixture.broker.disconnected(session);

    assertThat(fixture.registry.size()).isZero();
    assertThat(fixture.counters.disassociations()).isEqualTo(1);
  }

  @Test
  void givenSession_whenTheBrokerEndsIt_thenClosedAndItsUriFreeAtOnce() {
    var session = fixture.connect("client01", "agent");

    fixture.broker.end(session, CloseReason.CERTIFICATE_REVOKED);
    fixture.broker.disconnected(session);

    assertThat(peer(session).closedFor()).contains(CloseReason.CERTIFICATE_REVOKED);
    assertThat(fixture.registry.size()).isZero();
    assertThat(fixture.counters.endings()).containsEntry("CRL reloaded", 1L);
    assertThat(fixture.counters.disassociations()).isZero();
  }

  @Test
  void givenSupersededSession_whenTheBrokerEndsIt_thenTheNewOneStays() {
    var old = fixture.connect("client01", "agent");
    var newest = fixture.connect("client01", "agent");

    fixture.broker.end(old, CloseReason.IDLE);

    assertThat(fixture.registry.sessions()).containsExactly(newest);
    assertThat(peer(old).closedFor()).contains(CloseReason.SUPERSEDED);
    assertThat(fixture.counters.endings()).isEmpty();
  }

  @Test
  void givenFullBroker_whenAPeerThatWasAdmittedConnects_thenClosedAndNeverAssociated() {
    for (int i = 0; i < BrokerFixture.MAX_SESSIONS; i++) {
      fixture.connect("full" + i, "agent");
    }

    var late = fixture.connect("late", "agent");
    fixture.broker.receive(late, message("ping", to("pcp://full1/agent")));
    fixture.broker.disconnected(late);

    assertThat(peer(late).closedFor()).contains(CloseReason.CONNECTION_LIMIT);
    assertThat(fixture.registry.size()).isEqualTo(BrokerFixture.MAX_SESSIONS);
    assertThat(fixture.counters.endings()).containsEntry("Connection limit exceeded.", 1L);
    assertThat(fixture.counters.lateFrames()).isEqualTo(1);
    assertThat(fixture.counters.disassociations()).isZero();
  }

  @Test
  void givenFullBroker_whenAUriConnectsAgain_thenItSupersedes() {
    for (int i = 0; i < BrokerFixture.MAX_SESSIONS; i++) {
      fixture.connect("full" + i, "agent");
    }

    var again = fixture.connect("full1", "agent");

    assertThat(peer(again).closedFor()).isEmpty();
    assertThat(fixture.registry.isCurrent(again)).isTrue();
  }

  @Test
  void givenDrainingBroker_whenAPeerConnectsAllTheSame_thenClosedAsStopping() {
    fixture.lifecycle.advanceTo(State.DRAINING);

    var session = fixture.connect("client01", "agent");

    assertThat(peer(session).closedFor()).contains(CloseReason.STOPPING);
    assertThat(CloseReason.STOPPING.code()).isEqualTo(1001);
  }

  @Test
  void givenSubscriber_whenItsSessionEndsInAnyWay_thenItsSubscriptionToo() {
    var superseded = fixture.connect("a", "controller");
    var gone = fixture.connect("b", "controller");
    var ended = fixture.connect("c", "controller");
    Stream.of(superseded, gone, ended)
        .forEach(session -> fixture.broker.receive(session, query(true, "pcp://*/*")));
    assertThat(fixture.inventory.subscriptions()).isEqualTo(3);

    fixture.connect("a", "controller");
    assertThat(fixture.inventory.subscriptions()).isEqualTo(2);
    fixture.broker.disconnected(gone);
    assertThat(fixture.inventory.subscriptions()).isEqualTo(1);
    fixture.broker.end(ended, CloseReason.IDLE);
    assertThat(fixture.inventory.subscriptions()).isZero();
  }
}
