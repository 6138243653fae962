package org.parley.edge.auditlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.edge.auditlog.Events.denied;
import static org.parley.edge.auditlog.Events.peer;
import static org.parley.edge.auditlog.Repetitions.THINGS_A_PEER;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.parley.audit.AuditAction;
import org.parley.audit.AuditEvent;
import org.parley.audit.AuditPeer;

class RepetitionsTest {
  private static final int MOST = 100;
  private static final long PERIOD = Repetitions.PERIOD.toNanos();

  private final Repetitions repetitions = new Repetitions(MOST);
  private int asked;
  private long nanos = Long.MAX_VALUE - PERIOD; // a ticker may begin anywhere

  private boolean isTold(AuditEvent event) {
    return repetitions.first(event, this::rule, nanos).isPresent();
  }

  private Optional<String> rule() {
    asked++;
    return Optional.of("rule");
  }

  private List<Repetitions.Counted> due() {
    return repetitions.due(nanos);
  }

  @Test
  void givenTheSameAgain_whenAMinuteIsOver_thenOneLineWithTheCountEachMinute() {
    var event = denied(peer("192.0.2.1", "client01", "c"), "a");
    assertThat(repetitions.first(event, this::rule, nanos))
        .contains(event.deniedBy(Optional.of("rule")));
    for (int i = 0; i < 99; i++) {
      assertThat(isTold(event)).isFalse();
    }
    nanos += PERIOD - 1;
    assertThat(due()).isEmpty();

    nanos++;
    assertThat(due())
        .containsExactly(new Repetitions.Counted(event.deniedBy(Optional.of("rule")), 99));
    assertThat(isTold(event)).isFalse();
    nanos += PERIOD;
    assertThat(due()).extracting(Repetitions.Counted::count).containsExactly(1L);

    nanos += PERIOD;
    assertThat(due()).isEmpty();
    assertThat(isTold(event)).isTrue();
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void givenOtherPeerOrThing_whenDenied_thenTold() {
    assertThat(isTold(denied(peer("192.0.2.1", "client01", "c"), "a"))).isTrue();

    assertThat(isTold(denied(peer("192.0.2.1", "client01", "c"), "b"))).isTrue();
    assertThat(isTold(denied(peer("192.0.2.1", "client02", "c"), "a"))).isTrue();
    assertThat(isTold(denied(peer("192.0.2.2", "client01", "c"), "a"))).isTrue();
  }

  @Test
  void givenOnePeerThatTriesEverything_whenDenied_thenAFewLinesAndTheNumberOfTheOthers() {
    int tries = 10_000;
    int told = 0;
    for (int i = 0; i < tries; i++) {
      if (isTold(denied(peer("2001:db8::" + i % 10, "client01", "c" + i), "topic" + i))) {
        told++;
      }
    }
    assertThat(told).isEqualTo(THINGS_A_PEER + 1);
    assertThat(isTold(denied(peer("192.0.2.1", "client02", "c"), "a"))).isTrue();
    nanos += PERIOD;

    var counted = due();

    assertThat(counted).hasSize(1);
    assertThat(counted.getFirst().count()).isEqualTo(tries - told);
    var event = counted.getFirst().event();
    assertThat(event.reason()).isEqualTo("several");
    assertThat(event.object()).isEmpty();
    assertThat(event.peer().flatMap(AuditPeer::client)).isEmpty();
    assertThat(event.peer().flatMap(AuditPeer::identity)).contains("client01");
  }

  @Test
  void givenPeerThatTriedMuch_whenAMinuteIsOver_thenItIsToldOfAgain() {
    for (int i = 0; i < THINGS_A_PEER; i++) {
      assertThat(isTold(denied(peer("192.0.2.1", "client01", "c"), "topic" + i))).isTrue();
    }
    nanos += PERIOD;
    assertThat(due()).isEmpty();

    for (int i = 0; i < THINGS_A_PEER; i++) {
      assertThat(isTold(denied(peer("192.0.2.1", "client01", "c"), "other" + i))).isTrue();
    }
  }

  @Test
  void givenMorePeersThanAreToldApart_whenDenied_thenTheirNumberIsToldAndNoneIsLost() {
    int told = 0;
    for (int i = 0; i < 3 * MOST; i++) {
      if (isTold(denied(peer("192.0.2." + i, "client", "c"), "a"))) {
        told++;
      }
    }
    assertThat(told).isEqualTo(MOST);

    var counted = due();

    assertThat(counted).hasSize(1);
    assertThat(counted.getFirst().count()).isEqualTo(2 * MOST);
    assertThat(counted.getFirst().event().action()).isEqualTo(AuditAction.OTHERS);
    nanos += PERIOD;
    assertThat(due()).isEmpty();
    assertThat(isTold(denied(peer("198.51.100.1", "client", "c"), "a"))).isTrue();
  }

  @Test
  void givenRepetitions_whenTheBrokerStops_thenAllAreTold() {
    var event = denied(peer("192.0.2.1", "client01", "c"), "a");
    for (int i = 0; i < 5; i++) {
      isTold(event);
    }

    assertThat(repetitions.rest()).extracting(Repetitions.Counted::count).containsExactly(4L);
    assertThat(repetitions.rest()).isEmpty();
  }

  @Test
  void givenHugeTexts_whenRemembered_thenCut() {
    var event = denied(peer("192.0.2.1", "client01", "c".repeat(60_000)), "t".repeat(60_000));

    var told = repetitions.first(event, Optional::empty, nanos).orElseThrow();

    assertThat(told.object().orElseThrow()).hasSize(AuditLine.LONGEST + 3).endsWith("...");
    assertThat(told.peer().flatMap(AuditPeer::client).orElseThrow()).hasSize(AuditLine.LONGEST + 3);
  }
}
