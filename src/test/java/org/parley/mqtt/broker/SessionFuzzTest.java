package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.state.Session;
import org.parley.session.LiveSession;

/**
 * Three clients that say anything at all, chosen by the fuzzer's bytes ({@link SessionScript}): no
 * error of ours, nothing on any wire that a server may not say, nobody else loses anything, and
 * nothing is left of them in the end.
 */
class SessionFuzzTest {
  private static final Logger BROKER_LOG = Logger.getLogger("org.parley.mqtt");
  private static final byte PUBLISHES = 2;

  /** What the broker calls an error of its own. */
  private static final class Faults extends Handler {
    private final List<LogRecord> records = new ArrayList<>();

    @Override
    public void publish(LogRecord entry) {
      if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
        records.add(entry);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private final Faults faults = new Faults();

  @BeforeEach
  void listen() {
    BROKER_LOG.addHandler(faults);
    BROKER_LOG.setUseParentHandlers(false);
  }

  @AfterEach
  void listenNoMore() {
    BROKER_LOG.removeHandler(faults);
    BROKER_LOG.setUseParentHandlers(true);
  }

  @FuzzTest(maxDuration = "10m")
  void givenAnyClients_whenPlayed_thenTheyAloneBearIt(byte[] input) {
    play(new SessionScript(input));
  }

  @Test
  void givenErrorOfOurs_whenAClientMeetsIt_thenItIsFound() {
    var script = new SessionScript(new byte[] {0, 0, 0, 0, PUBLISHES, 0, 0, 0});
    script.broker().access().failing.add(ScriptPackets.TOPICS[0]);

    assertThatThrownBy(() -> play(script))
        .isInstanceOf(AssertionError.class)
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  private void play(SessionScript script) {
    var broker = script.broker();
    var bystander = new Bystander(broker);

    script.play();
    if (script.stops()) {
      bystander = startAgain(broker);
    }
    broker.comeToRest();

    requireNoFault(broker);
    requireOrder(broker);
    requireDelivered(broker);
    bystander.requirePingresp();
    if (hasRoom(broker)) {
      bystander.requireMessage("at last");
    } else {
      bystander.publish("it is acknowledged and dropped");
    }
    endOthers(broker, bystander);
    requireNobodyElse(broker);
    broker.advance(untilAllIsOver(broker));
    broker.comeToRest();
    bystander.requireMessage("after all");
    requireNothingLeft(broker, bystander);
    requireNoFault(broker);
  }

  /** Everybody is told, the bystander too, which comes again when there is room for it. */
  private static Bystander startAgain(BrokerByHand broker) {
    broker.broker().stop(Duration.ZERO);
    broker.comeToRest();
    assertThat(broker.wires()).as("wires after the stop").noneMatch(MemoryWire::isOpen);
    broker.advance(untilAllIsOver(broker));
    broker.broker().start();
    return new Bystander(broker);
  }

  private static void endOthers(BrokerByHand broker, Bystander bystander) {
    broker.wires().stream().filter(wire -> !bystander.isOn(wire)).forEach(MemoryWire::hangUp);
    broker.comeToRest();
  }

  /** Returns whether the queues of the others leave room for a message. */
  private static boolean hasRoom(BrokerByHand broker) {
    return broker.state().queuedBytes() + 1_000 <= broker.limits().allQueuedBytes();
  }

  private void requireNoFault(BrokerByHand broker) {
    faults.records.forEach(
        entry -> {
          throw new AssertionError(entry.getMessage(), entry.getThrown());
        });
    assertThat(broker.counters().of(Count.INTERNAL_ERRORS)).as("errors of ours").isZero();
  }

  private static void requireOrder(BrokerByHand broker) {
    broker.wires().forEach(MemoryWire::requireOrder);
    var counters = broker.counters();
    assertThat(counters.of(Count.BYTES_OUT))
        .as("bytes out")
        .isEqualTo(broker.wires().stream().mapToLong(MemoryWire::written).sum());
    assertThat(counters.of(Count.CONNECTIONS_OPENED)).isEqualTo(broker.wires().size());
  }

  /** Nothing waits but what Receive Maximum keeps back. */
  private static void requireDelivered(BrokerByHand broker) {
    var sessions = new MqttSessions(broker.broker(), broker.clock());
    assertThat(sessions.summary().waitingBytes()).as("QoS 0 that waits").isZero();
    assertThat(broker.broker().waiting().usedBytes()).as("bytes that wait").isZero();
    var live = sessions.live().collect(Collectors.toMap(LiveSession::name, session -> session));
    for (var wire : broker.wires()) {
      var session = live.get(wire.observer().clientId().orElse(""));
      if (wire.isOpen() && session != null && wire.observer().exchanges().takesMore()) {
        assertThat(session.queueDepth()).as("all are sent").isEqualTo(session.inFlight());
      }
    }
  }

  /** The clock may have been set back in each step. */
  private static Duration untilAllIsOver(BrokerByHand broker) {
    return Duration.ofSeconds(broker.options().maximumSessionExpiry() + 1)
        .plusMinutes(SessionScript.MOST_STEPS);
  }

  /** Only the bystander is there, and sessions whose clients have asked for it. */
  private static void requireNobodyElse(BrokerByHand broker) {
    assertThat(broker.broker().connections()).as("connections").isOne();
    assertThat(broker.counters().of(Count.CONNECTIONS_CLOSED))
        .as("connections that have ended")
        .isEqualTo(broker.wires().size() - 1);
    assertThat(broker.state().onlineCount()).as("sessions with a connection").isOne();
    assertThat(broker.broker().waiting().usedBytes()).as("bytes for peers that are gone").isZero();
    var kept = keptIds(broker);
    assertThat(
            StreamSupport.stream(broker.state().sessions().spliterator(), false)
                .map(Session::clientId))
        .hasSize(broker.state().sessionCount())
        .allMatch(
            id -> kept.contains(id) || id.equals(Bystander.NAME) || isUntold(id, kept),
            "has been asked for");
  }

  /** Who was gone before it was told its Client Identifier has said an empty one. */
  private static boolean isUntold(String id, Set<String> kept) {
    return id.startsWith("auto-") && kept.contains("");
  }

  private static Set<String> keptIds(BrokerByHand broker) {
    return broker.wires().stream()
        .map(MemoryWire::observer)
        .filter(observer -> observer.connect().filter(SessionFuzzTest::isKept).isPresent())
        .flatMap(observer -> observer.clientId().stream())
        .collect(Collectors.toSet());
  }

  private static boolean isKept(Connect connect) {
    return connect.version().hasProperties()
        ? connect.properties().sessionExpiry().orElse(0) > 0
        : !connect.cleanStart();
  }

  /** All that was kept has had its time. */
  private static void requireNothingLeft(BrokerByHand broker, Bystander bystander) {
    var state = broker.state();
    assertThat(state.sessionCount()).as("sessions").isOne();
    assertThat(state.subscriptionCount()).as("subscriptions").isOne();
    assertThat(state.queuedCount()).as("deliveries that are owed").isZero();
    assertThat(state.queuedBytes()).as("bytes of them").isZero();
    assertThat(state.retainedBytes() > 0).isEqualTo(state.retainedCount() > 0);
    if (broker.options().wildcardAvailable()) {
      broker.access().denied.clear();
      bystander.sweep();
      assertThat(state.retainedCount()).as("retained messages").isZero();
      assertThat(state.retainedBytes()).as("bytes of them").isZero();
      assertThat(state.nextDue()).as("something that is to happen").isEqualTo(Long.MAX_VALUE);
    }
    bystander.disconnect();
    assertThat(broker.broker().connections()).as("connections").isZero();
    assertThat(state.onlineCount()).as("sessions with a connection").isZero();
    assertThat(state.sessionCount()).as("sessions").isZero();
    assertThat(state.subscriptionCount()).as("subscriptions").isZero();
    assertThat(broker.broker().waiting().usedBytes()).as("bytes that wait").isZero();
  }
}
