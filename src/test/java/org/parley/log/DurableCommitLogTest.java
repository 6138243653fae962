package org.parley.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.routing.TopicFilter;
import org.parley.mqtt.state.Command;
import org.parley.mqtt.state.Command.Acknowledge.Kind;
import org.parley.mqtt.state.Event;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.Owner;
import org.parley.mqtt.state.StateLimits;
import org.parley.mqtt.state.StateMachine;

/** What is told, and when: nothing that is promised before the disk has it. */
class DurableCommitLogTest {
  private static final StateLimits LIMITS =
      new StateLimits(100, 1_000, 1 << 20, StateLimits.Overflow.DROP_NEW, 10, 10, 10_000);
  private static final Owner OWNER =
      new Owner(Optional.empty(), Optional.empty(), "mqtt-v5", "tcp", "192.0.2.1");

  private final HeldStore store = new HeldStore();
  private final StateMachine state = new StateMachine(LIMITS, store.changes());
  private final List<Event> told = new CopyOnWriteArrayList<>();
  private final Queue<RuntimeException> faults = new ConcurrentLinkedQueue<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private volatile long now = 1_000_000;
  private DurableCommitLog log = log(true);

  private final class Listening implements CommitLog.Listener {
    @Override
    public void applied(Command command, List<Event> events) {
      var fault = faults.poll();
      if (fault != null) {
        throw fault;
      }
      told.addAll(events);
    }

    @Override
    public void failed() {
      failures.add("failed");
    }
  }

  private DurableCommitLog log(boolean sync) {
    return new DurableCommitLog(
        state,
        store,
        () -> Instant.ofEpochMilli(now),
        System::nanoTime,
        new Listening(),
        new DurableCommitLog.Options(sync, 10, Duration.ofSeconds(10)));
  }

  @AfterEach
  void close() {
    store.free();
    log.close();
    assertThat(store.closed).isTrue();
  }

  private static Command.Attach attach(String clientId, long expiry) {
    return new Command.Attach(clientId, 1, false, expiry, 10, OWNER, Optional.empty());
  }

  private long epoch(String clientId) {
    return told.stream()
        .filter(Event.Attached.class::isInstance)
        .map(Event.Attached.class::cast)
        .filter(attached -> attached.session().clientId().equals(clientId))
        .mapToLong(Event.Attached::epoch)
        .max()
        .orElseThrow();
  }

  private Command subscribe(String clientId) {
    var filter = TopicFilter.parse("t").orElseThrow();
    var options = SubscriptionOptions.of(QoS.EXACTLY_ONCE);
    return new Command.Subscribe(
        clientId, epoch(clientId), 1, 0, List.of(new Command.Subscribe.Request(filter, options)));
  }

  private Command publish(String clientId, int packetId, String topic, String payload) {
    return new Command.Publish(
        clientId,
        epoch(clientId),
        packetId,
        Message.received(
            clientId,
            TopicName.of(topic),
            QoS.AT_LEAST_ONCE,
            false,
            MessageProperties.NONE,
            BinaryData.of(payload.getBytes(StandardCharsets.UTF_8)),
            now));
  }

  private <T extends Event> List<T> told(Class<T> type) {
    return told.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private void awaitWrite() throws InterruptedException {
    assertThat(store.begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
  }

  private void awaitTold(Class<? extends Event> type, int count) {
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(1))
        .untilAsserted(() -> assertThat(told(type)).hasSize(count));
  }

  /** A durable session that subscribes, and a publisher whose session ends with its connection. */
  private void subscriberAndPublisher() throws InterruptedException {
    log.start();
    log.submit(attach("p", 0));
    log.submit(attach("s", 100));
    store.allowed.release();
    awaitTold(Event.Attached.class, 2);
    log.submit(subscribe("s"));
    store.allowed.release();
    awaitTold(Event.Subscribed.class, 1);
    assertThat(store.begun.tryAcquire(2, 10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void givenSessionThatEndsWithItsConnection_whenAttached_thenToldWithoutTheDisk() {
    log.start();

    log.submit(attach("c", 0));

    assertThat(told(Event.Attached.class)).hasSize(1);
    assertThat(store.writes).isEmpty();
  }

  @Test
  void givenSessionThatOutlives_whenAttached_thenToldWhenTheDiskHasIt() throws Exception {
    log.start();

    log.submit(attach("c", 100));
    awaitWrite();

    assertThat(told).isEmpty();
    assertThat(log.meter().underWay()).isPositive();
    store.allowed.release();
    awaitTold(Event.Attached.class, 1);
    assertThat(log.meter().underWay()).isZero();
    assertThat(store.writes).hasSize(1).allMatch(HeldStore.Write::sync);
  }

  @Test
  void givenDurableSubscriber_whenPublished_thenAcknowledgedAndDeliveredWhenTheDiskHasIt()
      throws Exception {
    subscriberAndPublisher();

    log.submit(publish("p", 1, "t", "x"));
    awaitWrite();

    assertThat(told(Event.Published.class)).isEmpty();
    assertThat(told(Event.Enqueued.class)).isEmpty();
    store.allowed.release();
    awaitTold(Event.Published.class, 1);
    awaitTold(Event.Enqueued.class, 1);
  }

  @Test
  void givenNobodyDurable_whenPublished_thenAcknowledgedAtOnce() throws Exception {
    subscriberAndPublisher();

    log.submit(publish("p", 1, "other", "x"));

    assertThat(told(Event.Published.class))
        .extracting(Event.Published::reason)
        .containsExactly(ReasonCode.NO_MATCHING_SUBSCRIBERS);
  }

  @Test
  void givenSessionThatWaitsForTheDisk_whenItIsToldMore_thenInOrder() throws Exception {
    subscriberAndPublisher();
    log.submit(publish("p", 1, "t", "x"));
    awaitWrite();

    log.submit(publish("p", 2, "other", "y")); // would need no disk

    assertThat(told(Event.Published.class)).isEmpty();
    store.allowed.release();
    awaitTold(Event.Published.class, 2);
    assertThat(told(Event.Published.class))
        .extracting(Event.Published::packetId)
        .containsExactly(1, 2);
  }

  @Test
  void givenWriteUnderWay_whenMoreIsSubmitted_thenAllOfItIsTheNextBatch() throws Exception {
    subscriberAndPublisher();
    log.submit(publish("p", 1, "t", "x"));
    awaitWrite();
    for (int i = 2; i <= 9; i++) {
      log.submit(publish("p", i, "t", "x"));
    }

    store.allowed.release();
    awaitTold(Event.Published.class, 1);
    awaitWrite();
    assertThat(told(Event.Published.class)).hasSize(1);
    store.allowed.release();

    awaitTold(Event.Published.class, 9);
    assertThat(store.writes).hasSize(4);
    assertThat(log.meter().largestBatch()).isEqualTo(8);
    assertThat(log.meter().syncs()).isEqualTo(4);
  }

  @Test
  void givenAcknowledgement_whenNobodyWaits_thenItJoinsAnotherBatch() throws Exception {
    subscriberAndPublisher();
    log.submit(publish("p", 1, "t", "x"));
    awaitWrite();
    store.allowed.release();
    awaitTold(Event.Enqueued.class, 1);
    long sequence = told(Event.Enqueued.class).getFirst().entry().sequence();
    int before = store.writes.size();

    log.submit(new Command.Acknowledge("s", epoch("s"), sequence, Kind.PUBACK));

    assertThat(state.queuedCount()).isZero();
    assertThat(store.begun.tryAcquire()).isFalse();
    log.flush();
    awaitWrite();
    store.allowed.release();
    await().atMost(Duration.ofSeconds(10)).until(() -> store.writes.size() == before + 1);
    assertThat(store.writes.getLast().sync()).isFalse();
  }

  @Test
  void givenWriteThatFails_whenTold_thenNothingIsAcknowledgedAnyMore() throws Exception {
    subscriberAndPublisher();
    store.failing = true;
    log.submit(publish("p", 1, "t", "x"));
    awaitWrite();
    log.submit(publish("p", 2, "t", "y"));

    store.allowed.release();
    await().atMost(Duration.ofSeconds(10)).until(() -> failures.size() == 1);
    store.failing = false;
    store.free();
    log.submit(publish("p", 3, "other", "z"));
    log.submit(attach("late", 0));

    assertThat(log.failed()).isTrue();
    assertThat(told(Event.Published.class)).isEmpty();
    assertThat(told(Event.Attached.class)).hasSize(2);
    assertThat(failures).hasSize(1);
  }

  /** As RocksDB waits for room on a full disk. */
  @Test
  void givenWriteThatWaits_whenTheStoreIsBroken_thenNobodyWaitsWithIt() throws Exception {
    subscriberAndPublisher();
    log.submit(publish("p", 1, "t", "x"));
    awaitWrite();
    log.flush();
    assertThat(log.failed()).isFalse();

    store.broken = true;
    log.flush();
    log.flush();
    assertThat(log.failed()).isTrue();
    assertThat(failures).hasSize(1);

    int before = store.writes.size();
    log.submit(publish("p", 2, "t", "y"));
    store.free(); // there is room again
    log.close();
    assertThat(store.writes).hasSize(before + 1);
    assertThat(told(Event.Published.class)).isEmpty();
    assertThat(failures).hasSize(1);
  }

  @Test
  void givenMuchCollected_whenTheDiskIsSlow_thenPressed() throws Exception {
    subscriberAndPublisher();
    assertThat(log.pressed()).isFalse();
    log.submit(publish("p", 1, "t", "x"));
    awaitWrite();

    for (int i = 2; i <= 20; i++) {
      log.submit(publish("p", i, "t", "x"));
    }

    assertThat(log.pressed()).isTrue();
    store.free();
    awaitTold(Event.Published.class, 20);
    assertThat(log.pressed()).isFalse();
  }

  @Test
  void givenClosed_whenSomethingIsLeft_thenItIsWrittenFirst() throws Exception {
    subscriberAndPublisher();
    log.submit(new Command.Detach("s", epoch("s"), OptionalLong.empty(), true)); // nobody is told
    store.free();

    log.close();

    assertThat(store.collectedBytes()).isZero();
    assertThat(store.closed).isTrue();
    log.submit(attach("late", 0));
    assertThat(told(Event.Attached.class)).hasSize(2);
  }

  @Test
  void givenTimeOfTheLastWrite_whenTheClockIsBehind_thenTimeGoesOnFromThere() throws Exception {
    store.lastTime = now + 5_000;
    log = log(true);
    log.start();
    store.free();

    log.submit(attach("c", 1));

    awaitTold(Event.Attached.class, 1);
    assertThat(store.writes.getLast().time()).isEqualTo(now + 5_000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void givenDurability_whenWritten_thenTheDiskIsWaitedForOrNot(boolean sync) {
    log = log(sync);
    log.start();
    store.free();

    log.submit(attach("c", 100));

    awaitTold(Event.Attached.class, 1);
    assertThat(store.writes).allMatch(write -> write.sync() == sync);
  }

  @Test
  void givenListenerThatFails_whenTold_thenOthersAreToldAllTheSame() throws Exception {
    subscriberAndPublisher();
    faults.add(new IllegalStateException("a fault of the listener, thrown on purpose"));
    log.submit(publish("p", 1, "t", "x"));
    log.submit(publish("p", 2, "t", "x"));
    store.free();

    awaitTold(Event.Published.class, 1);
    log.submit(publish("p", 3, "t", "x"));
    awaitTold(Event.Published.class, 2);
    assertThat(log.failed()).isFalse();
  }
}
