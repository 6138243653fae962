package org.parley.edge.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.parley.core.CloseReason;
import org.parley.edge.controller.ControllerLink.State;
import org.parley.edge.controller.LinkFixture.RecordingWire;

class ControllerLinkTest {
  private static final Duration LIMIT = Duration.ofMillis(1);

  private final LinkFixture fixture = new LinkFixture();
  private final ControllerLink link = fixture.link();

  private RecordingWire wire() {
    return fixture.wires.getLast();
  }

  private RecordingWire connected() {
    link.dial();
    wire().events.opened(LinkFixture.CERTIFICATE);
    return wire();
  }

  private int controllers() {
    return fixture.sessions.controllers().size();
  }

  @Test
  void givenFailures_whenThePausesPass_thenDialledAgainWithoutEnd() {
    link.dial();
    for (int i = 1; i <= 20; i++) {
      assertThat(fixture.wires).hasSize(i);
      wire().events.ended("refused");
      assertThat(link.state()).isEqualTo(State.WAITING);
      fixture.pausePasses();
    }

    assertThat(fixture.pauses.getFirst()).isLessThanOrEqualTo(BackOff.FIRST);
    assertThat(fixture.pauses.getLast()).isGreaterThan(BackOff.LONGEST.dividedBy(3));
  }

  @Test
  void givenOneAttempt_whenDialledOrEndedAgain_thenStillOne() {
    link.dial();
    link.dial();
    assertThat(fixture.wires).hasSize(1);

    wire().events.ended("refused");
    wire().events.ended("refused");
    assertThat(fixture.pauses).hasSize(1);
  }

  @Test
  void givenRevokedCertificate_whenOpened_thenAbortedAndDialledLater() {
    fixture.acceptable = false;

    var wire = connected();

    assertThat(wire.aborted).isTrue();
    assertThat(controllers()).isZero();
    assertThat(fixture.pauses).hasSize(1);
  }

  @Test
  void givenOpenLink_whenLost_thenNoControllerAndDialledAgain() {
    var wire = connected();
    assertThat(controllers()).isEqualTo(1);
    assertThat(link.state()).isEqualTo(State.CONNECTED);

    wire.events.ended("lost");
    assertThat(controllers()).isZero();
    fixture.pausePasses();
    wire().events.opened(LinkFixture.CERTIFICATE);

    assertThat(controllers()).isEqualTo(1);
    assertThat(wire()).isNotSameAs(wire);
  }

  @Test
  void givenLinksThatDoNotLast_whenLost_thenThePausesGrow() {
    var first = connected();
    first.events.ended("lost");
    for (int i = 0; i < 10; i++) {
      fixture.pausePasses();
      wire().events.opened(LinkFixture.CERTIFICATE);
      fixture.after(ControllerLink.LASTING.minusNanos(1));
      wire().events.ended("lost");
    }
    assertThat(fixture.pauses.getLast()).isGreaterThan(Duration.ofSeconds(5));

    fixture.pausePasses();
    wire().events.opened(LinkFixture.CERTIFICATE);
    fixture.after(ControllerLink.LASTING);
    wire().events.ended("lost");
    assertThat(fixture.pauses.getLast()).isLessThanOrEqualTo(BackOff.FIRST);
  }

  @Test
  void givenMessages_whenTheyComeIn_thenTheBrokerAnswers() {
    var wire = connected();

    wire.events.text("{");
    wire.events.binary();

    assertThat(wire.sent).hasSize(2).allMatch(text -> text.contains("Could not decode message"));
  }

  @Test
  void givenLostLink_whenItsWireStillSpeaks_thenNotHeard() {
    var wire = connected();
    wire.events.ended("lost");

    wire.events.text("{");
    wire.events.opened(LinkFixture.CERTIFICATE);

    assertThat(wire.sent).isEmpty();
    assertThat(controllers()).isZero();
  }

  @Test
  void givenPings_whenAnswered_thenOneAnInterval() {
    var wire = connected();
    fixture.after(LinkFixture.PING.minusNanos(1));
    link.tick();
    assertThat(wire.pings).isEmpty();

    for (int i = 1; i <= 5; i++) {
      fixture.after(LinkFixture.PING);
      link.tick();
      assertThat(wire.pings).hasSize(i);
      wire.events.pong(wire.pings.getLast().duplicate());
    }
    assertThat(wire.aborted).isFalse();
  }

  @Test
  void givenNoPong_whenTheTimeoutPasses_thenAbortedAndDialledLater() {
    var wire = connected();
    fixture.after(LinkFixture.PING);
    link.tick();
    fixture.after(LinkFixture.PONG.minusNanos(1));
    link.tick();
    assertThat(wire.aborted).isFalse();

    fixture.after(Duration.ofNanos(1));
    link.tick();

    assertThat(wire.aborted).isTrue();
    assertThat(wire.pings).hasSize(1);
    assertThat(controllers()).isZero();
    assertThat(link.state()).isEqualTo(State.WAITING);
  }

  @Test
  void givenNoPong_whenItStillSends_thenTheLinkStaysUntilItIsSilent() {
    var wire = connected();
    fixture.after(LinkFixture.PING);
    link.tick();
    fixture.after(LinkFixture.PONG.minusNanos(1));
    wire.events.text("{");
    fixture.after(LinkFixture.PONG.minusNanos(1));
    link.tick();
    assertThat(wire.aborted).isFalse();

    fixture.after(Duration.ofNanos(1));
    link.tick();

    assertThat(wire.aborted).isTrue();
  }

  @Test
  void givenExpiredCertificate_whenLookedAt_thenClosed() {
    var wire = connected();
    fixture.now = LinkFixture.CERTIFICATE.getNotAfter().toInstant().plusSeconds(1);

    link.tick();

    await().until(() -> wire.closed.equals(List.of(CloseReason.CERTIFICATE_EXPIRED)));
  }

  @Test
  void givenRevocationLater_whenAsked_thenOnlySuchALinkIsClosed() {
    link.closeIf(_ -> true, CloseReason.CERTIFICATE_REVOKED);
    var wire = connected();
    link.closeIf(_ -> false, CloseReason.STOPPING);
    link.closeIf(LinkFixture.CERTIFICATE::equals, CloseReason.CERTIFICATE_REVOKED);

    await().until(() -> wire.closed.equals(List.of(CloseReason.CERTIFICATE_REVOKED)));
  }

  @Test
  void givenStop_whenConnected_thenToldAndNeverDialledAgain() {
    var wire = connected();

    link.stop();
    await().until(() -> wire.closed.equals(List.of(CloseReason.STOPPING)));
    wire.events.ended("closed");
    link.awaitEnd(LIMIT);
    link.dial();

    assertThat(wire.aborted).isFalse();
    assertThat(fixture.pauses).isEmpty();
    assertThat(fixture.wires).hasSize(1);
    assertThat(controllers()).isZero();
  }

  @Test
  void givenStop_whenTheControllerDoesNotAnswer_thenAborted() {
    var wire = connected();
    link.stop();

    link.awaitEnd(LIMIT);

    assertThat(wire.aborted).isTrue();
    assertThat(controllers()).isZero();
  }

  @Test
  void givenStop_whenDialling_thenAbortedAtOnce() {
    link.dial();

    link.stop();
    wire().events.opened(LinkFixture.CERTIFICATE);
    link.awaitEnd(LIMIT);

    assertThat(wire().aborted).isTrue();
    assertThat(controllers()).isZero();
    assertThat(fixture.pauses).isEmpty();
  }

  @Test
  void givenStop_whenWaiting_thenNotDialledAfterThePause() {
    link.dial();
    wire().events.ended("refused");
    link.stop();

    fixture.pausePasses();

    assertThat(fixture.wires).hasSize(1);
    assertThat(link.state()).isEqualTo(State.STOPPED);
  }
}
