package org.parley.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.parley.log.Store.StoreException;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.packet.Will;
import org.parley.mqtt.routing.TopicFilter;
import org.parley.mqtt.state.Delivery;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.Owner;
import org.parley.mqtt.state.QueueEntry;
import org.parley.mqtt.state.RecordedRows;
import org.parley.mqtt.state.RetainedMessage;
import org.parley.mqtt.state.SessionRecord;
import org.parley.mqtt.state.StateChanges;
import org.parley.mqtt.state.StateRows;
import org.parley.mqtt.state.WillId;
import org.parley.mqtt.state.WillRecord;

/** RocksDB as a store: what was written is what is read, and what is damaged costs itself alone. */
class RocksStoreTest {
  private static final Owner OWNER =
      new Owner(Optional.empty(), Optional.of("user"), "mqtt-v5", "tls", "192.0.2.1");
  private static final TopicFilter FILTER = TopicFilter.parse("a/#").orElseThrow();

  @TempDir Path folder;

  static Message message(String topic, String payload) {
    return Message.received(
        "publisher",
        TopicName.of(topic),
        QoS.EXACTLY_ONCE,
        false,
        MessageProperties.NONE,
        BinaryData.of(payload.getBytes(StandardCharsets.UTF_8)),
        1_000);
  }

  /** One without a publisher. */
  static RetainedMessage retained(String topic, String payload) {
    return new RetainedMessage(message(topic, payload), Optional.empty());
  }

  static SessionRecord session(long number) {
    var will =
        new Will(
            TopicName.of("w"),
            BinaryData.EMPTY,
            QoS.AT_LEAST_ONCE,
            true,
            9,
            MessageProperties.NONE);
    return new SessionRecord(
        number, "client" + number, 3, 100, 10, true, Message.NEVER, 5, 4, OWNER, Optional.of(will));
  }

  static QueueEntry entry(long sequence, Message message) {
    return new QueueEntry(
        sequence,
        Delivery.live(message, QoS.AT_LEAST_ONCE, false, List.of(7)),
        false,
        Optional.empty());
  }

  /** Rows of every kind, of two sessions. */
  static void fill(StateRows rows) {
    rows.session(session(1));
    rows.session(session(2));
    rows.subscription(1, FILTER, SubscriptionOptions.of(QoS.EXACTLY_ONCE), 7);
    rows.subscription(2, FILTER, SubscriptionOptions.of(QoS.AT_LEAST_ONCE), 0);
    var large = message("a/large", "x".repeat(5_000));
    rows.message(1, large);
    for (long sequence : new long[] {300, 5, 70_000}) {
      rows.entry(1, entry(sequence, message("a/b", "m" + sequence)), StateRows.IN_THE_ENTRY);
    }
    rows.entry(1, entry(6, large), 1);
    rows.entry(2, entry(0, large), 1);
    rows.inbound(1, 65_535, ReasonCode.SUCCESS);
    rows.inbound(2, 1, ReasonCode.NO_MATCHING_SUBSCRIBERS);
    rows.retained(new RetainedMessage(message("r/1", "one"), Optional.of(OWNER)));
    rows.retained(retained("r/2", "two"));
    rows.will(new WillRecord(new WillId("client2", 2), OWNER, session(2).will().orElseThrow(), 8));
  }

  private RocksStore open() throws StoreException {
    return RocksStore.open(folder.resolve("data"));
  }

  static RecordedRows read(RocksStore store) throws StoreException {
    var rows = new RecordedRows();
    store.load(rows);
    return rows;
  }

  static void write(RocksStore store, long time) throws StoreException {
    store.write(store.take(), time, true);
  }

  @Test
  void givenRowsOfEveryKind_whenOpenedAgain_thenTheSameInTheirOrder() throws Exception {
    var expected = new RecordedRows();
    fill(expected);
    try (var store = open()) {
      fill(store.changes());
      assertThat(store.collectedBytes()).isPositive();
      write(store, 5_000);
      assertThat(store.collectedBytes()).isZero();
    }

    try (var store = open()) {
      assertThat(store.lastTime()).isEqualTo(5_000);
      assertThat(read(store)).hasToString(expected.toString());
      assertThat(store.damaged()).isZero();
    }
  }

  @Test
  void givenRowsThatGo_whenOpenedAgain_thenGone() throws Exception {
    var expected = new RecordedRows();
    fill(expected);
    try (var store = open()) {
      fill(store.changes());
      write(store, 1);
      for (var rows : List.of(store.changes(), expected)) {
        goAway(rows);
      }
      write(store, 2);
    }

    try (var store = open()) {
      assertThat(read(store)).hasToString(expected.toString());
    }
  }

  private static void goAway(StateChanges rows) {
    rows.subscriptionGone(2, FILTER);
    rows.entryGone(2, 0);
    rows.inboundGone(2, 1);
    rows.sessionGone(1);
    rows.messageGone(1);
    rows.retainedGone(TopicName.of("r/1"));
    rows.willGone(new WillId("client2", 2));
  }

  @Test
  void givenBatchThatWasNotWritten_whenOpenedAgain_thenNothingOfIt() throws Exception {
    try (var store = open()) {
      fill(store.changes());
    }

    try (var store = open()) {
      assertThat(read(store)).hasToString(new RecordedRows().toString());
    }
  }

  @Test
  void givenRowsThatBelongToNothing_whenLoaded_thenRemoved() throws Exception {
    var expected = new RecordedRows();
    expected.session(session(1));
    try (var store = open()) {
      store.changes().session(session(1));
      store.changes().message(4, message("a", "named by nobody"));
      store.changes().entry(1, entry(1, message("a", "x")), 9);
      store.changes().entry(2, entry(1, message("a", "x")), StateRows.IN_THE_ENTRY);
      store.changes().subscription(2, FILTER, SubscriptionOptions.of(QoS.AT_LEAST_ONCE), 0);
      store.changes().inbound(2, 1, ReasonCode.SUCCESS);
      write(store, 1);
    }

    for (int i = 0; i < 2; i++) {
      try (var store = open()) {
        var rows = new RecordedRows();
        store.load(new Restored(rows));
        if (i == 1) {
          assertThat(rows).hasToString(expected.toString());
        }
        assertThat(store.damaged()).isZero();
      }
    }
  }

  /** Takes a message that nobody names yet. */
  private record Restored(RecordedRows rows) implements StateRows {
    @Override
    public void session(SessionRecord session) {
      rows.session(session);
    }

    @Override
    public void subscription(
        long session, TopicFilter filter, SubscriptionOptions options, int subscriptionId) {
      rows.subscription(session, filter, options, subscriptionId);
    }

    @Override
    public void message(long number, Message message) {
      rows.message(number, message);
    }

    @Override
    public void entry(long session, QueueEntry entry, long message) {
      rows.entry(session, entry, message);
    }

    @Override
    public void inbound(long session, int packetId, ReasonCode reason) {
      rows.inbound(session, packetId, reason);
    }

    @Override
    public void retained(RetainedMessage retained) {
      rows.retained(retained);
    }

    @Override
    public void will(WillRecord will) {
      rows.will(will);
    }
  }

  @Test
  void givenDamagedRow_whenLoaded_thenPutAsideAndTheOthersAreThere() throws Exception {
    var expected = new RecordedRows();
    fill(expected);
    try (var store = open()) {
      fill(store.changes());
      write(store, 1);
    }
    OpenedByHand.put(folder.resolve("data"), Family.ENTRY, Key.of(1, 301L), new byte[] {1, 2, 3});

    for (int i = 0; i < 2; i++) {
      try (var store = open()) {
        assertThat(read(store)).hasToString(expected.toString());
        assertThat(store.damaged()).isOne();
      }
    }
  }

  @Test
  void givenOtherSchema_whenOpened_thenRefusedAndNotTouched() throws Exception {
    open().close();
    OpenedByHand.put(
        folder.resolve("data"), Family.META, RocksStore.SCHEMA_KEY, RocksStore.number(9));

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(this::open)
        .withMessageContaining("another version");
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(this::open)
        .withMessageContaining("another version"); // and not "another broker"
  }

  @Test
  void givenLogCutInTheMiddle_whenOpened_thenUpToTheLastWholeWrite() throws Exception {
    try (var store = open()) {
      store.changes().session(session(1));
      write(store, 1);
    }
    var killed = folder.resolve("killed");
    try (var store = open()) {
      store.changes().session(session(2));
      write(store, 2);
      store.changes().session(session(3));
      write(store, 3);
      StoreFiles.copy(folder.resolve("data"), killed); // as it would lie there after a kill
    }
    var log = StoreFiles.newestLog(killed.resolve("state"));
    try (var file = new java.io.RandomAccessFile(log.toFile(), "rw")) {
      file.setLength(file.length() - 3);
    }

    try (var store = RocksStore.open(killed)) {
      var rows = new RecordedRows();
      store.load(rows);
      var expected = new RecordedRows();
      expected.session(session(1));
      expected.session(session(2));
      assertThat(rows).hasToString(expected.toString());
      assertThat(store.lastTime()).isEqualTo(2);
    }
  }
}
