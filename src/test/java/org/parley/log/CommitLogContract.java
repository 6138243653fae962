package org.parley.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.packet.Will;
import org.parley.mqtt.routing.TopicFilter;
import org.parley.mqtt.state.Command;
import org.parley.mqtt.state.Event;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.Owner;
import org.parley.mqtt.state.StateLimits;
import org.parley.mqtt.state.StateMachine;

/**
 * What every {@link CommitLog} does, wherever it keeps its commands: each is applied once, in one
 * order for all, and what came of it is told once, to each session in the order in which it came
 * about.
 */
abstract class CommitLogContract {
  private static final StateLimits LIMITS =
      new StateLimits(5_000, 10_000, 1 << 24, StateLimits.Overflow.DROP_NEW, 10, 10, 10_000);
  private static final Owner OWNER =
      new Owner(Optional.empty(), Optional.empty(), "mqtt-v5", "tcp", "192.0.2.1");

  private final List<Event> told = new CopyOnWriteArrayList<>();
  private volatile @Nullable Consumer<Command> also;
  private final AtomicLong now = new AtomicLong(1_000_000);
  private StateMachine state;
  private CommitLog log;

  /** A log that has begun its work, and its state, which is empty. */
  record Opened(StateMachine state, CommitLog log) {}

  abstract Opened open(StateLimits limits, InstantSource clock, CommitLog.Listener listener)
      throws Exception;

  @BeforeEach
  void open() throws Exception {
    var opened = open(LIMITS, () -> Instant.ofEpochMilli(now.get()), this::applied);
    state = opened.state;
    log = opened.log;
  }

  @AfterEach
  void close() {
    log.close();
  }

  private void applied(Command command, List<Event> events) {
    told.addAll(events);
    var more = also;
    if (more != null) {
      more.accept(command);
    }
  }

  private <T extends Event> List<T> told(Class<T> type) {
    return told.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private <T extends Event> List<T> awaitTold(Class<T> type, int count) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(1))
        .untilAsserted(() -> assertThat(told(type)).hasSizeGreaterThanOrEqualTo(count));
    assertThat(told(type)).hasSize(count);
    return told(type);
  }

  private static Command attach(String clientId, long expiry) {
    return attach(clientId, expiry, Optional.empty());
  }

  private static Command attach(String clientId, long expiry, Optional<Will> will) {
    return new Command.Attach(clientId, 1, false, expiry, 10_000, OWNER, will);
  }

  private Event.Attached attached(String clientId, long expiry) {
    int before = told(Event.Attached.class).size();
    log.submit(attach(clientId, expiry));
    return awaitTold(Event.Attached.class, before + 1).getLast();
  }

  private static Command detach(String clientId, long epoch) {
    return new Command.Detach(clientId, epoch, OptionalLong.empty(), true);
  }

  private void subscribe(Event.Attached attached, String filter) {
    int before = told(Event.Subscribed.class).size();
    var request =
        new Command.Subscribe.Request(
            TopicFilter.parse(filter).orElseThrow(), SubscriptionOptions.of(QoS.EXACTLY_ONCE));
    log.submit(
        new Command.Subscribe(
            attached.session().clientId(), attached.epoch(), 1, 0, List.of(request)));
    awaitTold(Event.Subscribed.class, before + 1);
  }

  private Command publish(Event.Attached attached, int packetId, QoS qos, String payload) {
    var clientId = attached.session().clientId();
    return new Command.Publish(
        clientId,
        attached.epoch(),
        packetId,
        Message.received(
            clientId,
            TopicName.of("t/" + clientId),
            qos,
            false,
            MessageProperties.NONE,
            BinaryData.of(payload.getBytes(StandardCharsets.UTF_8)),
            now.get()));
  }

  private static String text(Message message) {
    return new String(message.payload().toByteArray(), StandardCharsets.UTF_8);
  }

  @Test
  void givenPublishers_whenTheySubmitAtOnce_thenEachIsToldOnceAndInItsOrder() throws Exception {
    int publishers = 4;
    int messages = 500;
    var subscriber = attached("s", 100);
    subscribe(subscriber, "t/#");
    try (var threads = Executors.newFixedThreadPool(publishers)) {
      for (int i = 0; i < publishers; i++) {
        var publisher = attached("p" + i, i % 2 == 0 ? 0 : 100);
        threads.execute(
            () -> {
              for (int id = 1; id <= messages; id++) {
                var qos = QoS.of(1 + id % 2);
                log.submit(publish(publisher, id, qos, String.valueOf(id)));
              }
            });
      }
      threads.shutdown();
      assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    var published = awaitTold(Event.Published.class, publishers * messages);
    var enqueued = awaitTold(Event.Enqueued.class, publishers * messages);
    var ids = IntStream.rangeClosed(1, messages).boxed().toList();
    for (int i = 0; i < publishers; i++) {
      var name = "p" + i;
      assertThat(published)
          .filteredOn(event -> event.session().clientId().equals(name))
          .allMatch(event -> event.reason() == ReasonCode.SUCCESS)
          .extracting(Event.Published::packetId)
          .isEqualTo(ids);
      assertThat(enqueued)
          .extracting(event -> event.entry().delivery().message())
          .filteredOn(message -> message.publisher().equals(name))
          .extracting(message -> Integer.parseInt(text(message)))
          .isEqualTo(ids);
    }
    assertThat(enqueued).extracting(event -> event.entry().sequence()).isSorted();
    assertThat(state.queuedCount()).isEqualTo((long) publishers * messages);
  }

  @Test
  void givenMessages_whenTheirReceiverIsTold_thenSoIsTheirPublisher() {
    var publisher = attached("p", 0);
    subscribe(attached("s", 100), "t/#");

    log.submit(publish(publisher, 1, QoS.AT_LEAST_ONCE, "x"));
    log.submit(publish(publisher, 1, QoS.AT_LEAST_ONCE, "y")); // acknowledged: the next one

    assertThat(awaitTold(Event.Published.class, 2))
        .extracting(Event.Published::reason)
        .containsOnly(ReasonCode.SUCCESS);
    assertThat(awaitTold(Event.Enqueued.class, 2))
        .extracting(event -> text(event.entry().delivery().message()))
        .containsExactly("x", "y");
  }

  @Test
  void givenListenerThatSubmits_whenTold_thenItsCommandComesAfterTheOneAtWork() {
    var publisher = attached("p", 0);
    subscribe(attached("s", 100), "t/#");
    also =
        command -> {
          if (command instanceof Command.Publish publish && publish.packetId() < 10) {
            int next = publish.packetId() + 1;
            log.submit(publish(publisher, next, QoS.AT_LEAST_ONCE, String.valueOf(next)));
            assertThat(told(Event.Published.class).getLast().packetId()).isLessThan(next);
          }
        };

    log.submit(publish(publisher, 1, QoS.AT_LEAST_ONCE, "1"));

    assertThat(awaitTold(Event.Published.class, 10))
        .extracting(Event.Published::packetId)
        .isEqualTo(IntStream.rangeClosed(1, 10).boxed().toList());
  }

  @Test
  void givenStaleEpoch_whenSubmitted_thenNothingComesOfIt() {
    var old = attached("c", 100);
    attached("c", 100);

    log.submit(publish(old, 1, QoS.AT_LEAST_ONCE, "x"));
    log.submit(detach("c", old.epoch()));
    attached("other", 0);

    assertThat(told(Event.Published.class)).isEmpty();
    assertThat(state.onlineCount()).isEqualTo(2);
  }

  @Test
  void givenClockThatGoesBack_whenTimeIsToldAgain_thenWhatWasDueIsDue() {
    var will =
        new Will(
            TopicName.of("w"),
            BinaryData.EMPTY,
            QoS.AT_MOST_ONCE,
            false,
            5,
            MessageProperties.NONE);
    log.submit(attach("c", 100, Optional.of(will)));
    var attached = awaitTold(Event.Attached.class, 1).getFirst();
    log.submit(detach("c", attached.epoch()));
    now.addAndGet(6_000);
    attached("other", 0);
    now.addAndGet(-5_500);

    log.submit(new Command.Tick());

    awaitTold(Event.WillDue.class, 1);
  }

  @Test
  void givenSessionsThatEnd_whenTicked_thenAllAreToldOnce() {
    int sessions = 2_500;
    IntStream.range(0, sessions).forEach(i -> log.submit(attach("c" + i, 1)));
    for (var attached : awaitTold(Event.Attached.class, sessions)) {
      log.submit(detach(attached.session().clientId(), attached.epoch()));
    }
    now.addAndGet(2_000);

    while (state.sessionCount() > 0) {
      log.submit(new Command.Tick());
    }

    awaitTold(Event.SessionEnded.class, sessions);
    assertThat(told(Event.SessionEnded.class))
        .extracting(ended -> ended.session().clientId())
        .doesNotHaveDuplicates();
  }

  @Test
  void givenClosed_whenSubmitted_thenNothingComesOfIt() {
    attached("c", 100);

    log.close();
    log.submit(attach("late", 0));

    assertThat(told(Event.Attached.class)).hasSize(1);
    assertThat(state.sessionCount()).isOne();
    assertThat(log.failed()).isFalse();
  }
}
