package org.parley.log.rocksdb;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.parley.log.Store.Batch;
import org.parley.log.row.EntryRow;
import org.parley.log.row.MessageRow;
import org.parley.log.row.RetainedRow;
import org.parley.log.row.SessionRow;
import org.parley.log.row.SubscriptionRow;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.routing.TopicFilter;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.QueueEntry;
import org.parley.mqtt.state.RetainedMessage;
import org.parley.mqtt.state.SessionRecord;
import org.parley.mqtt.state.StateChanges;
import org.parley.mqtt.state.WillId;
import org.parley.mqtt.state.WillRecord;

/** Collects changes as a batch of RocksDB. One thread at a time, but for the bytes. */
final class Collector implements StateChanges {

  /**
   * What was collected.
   *
   * @param rows in RocksDB's form
   * @param count how many there are
   * @param bytes of keys and values
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over
  record Collected(byte[] rows, int count, long bytes) implements Batch {
    @Override
    public boolean isEmpty() {
      return count == 0;
    }
  }

  private final Map<Family, Integer> families = new EnumMap<>(Family.class);
  private final AtomicLong bytes = new AtomicLong();
  private final BatchBytes rows = new BatchBytes();
  private long changed;

  Collector(Families families) {
    for (var family : Family.values()) {
      this.families.put(family, families.of(family).getID());
    }
  }

  long changed() {
    return changed;
  }

  /** Any thread may ask. */
  long bytes() {
    return bytes.getAcquire();
  }

  Collected take() {
    int count = rows.count();
    var taken = new Collected(rows.take(), count, bytes.getPlain());
    bytes.setRelease(0);
    return taken;
  }

  private int number(Family family) {
    return requireNonNull(families.get(family));
  }

  private void put(Family family, byte[] key, byte[] value) {
    rows.put(number(family), key, value);
    collected(key.length + value.length);
  }

  private void delete(Family family, byte[] key) {
    rows.delete(number(family), key);
    collected(key.length);
  }

  private void deleteAll(Family family, long session) {
    rows.deleteRange(number(family), Key.of(session), Key.of(session + 1));
  }

  private void collected(int more) {
    changed++;
    bytes.setRelease(bytes.getPlain() + more);
  }

  @Override
  public void session(SessionRecord session) {
    put(Family.SESSION, Key.of(session.number()), SessionRow.encode(session));
  }

  @Override
  public void sessionGone(long session) {
    delete(Family.SESSION, Key.of(session));
    deleteAll(Family.SUBSCRIPTION, session);
    deleteAll(Family.ENTRY, session);
    deleteAll(Family.INBOUND, session);
  }

  @Override
  public void subscription(
      long session, TopicFilter filter, SubscriptionOptions options, int subscriptionId) {
    put(
        Family.SUBSCRIPTION,
        Key.of(session, filter.text()),
        new SubscriptionRow(options, subscriptionId).encode());
  }

  @Override
  public void subscriptionGone(long session, TopicFilter filter) {
    delete(Family.SUBSCRIPTION, Key.of(session, filter.text()));
  }

  @Override
  public void message(long number, Message message) {
    put(Family.MESSAGE, Key.of(number), MessageRow.encode(message));
  }

  @Override
  public void messageGone(long number) {
    delete(Family.MESSAGE, Key.of(number));
  }

  @Override
  public void entry(long session, QueueEntry entry, long message) {
    put(Family.ENTRY, Key.of(session, entry.sequence()), new EntryRow(entry, message).encode());
  }

  @Override
  public void entryGone(long session, long sequence) {
    delete(Family.ENTRY, Key.of(session, sequence));
  }

  @Override
  public void inbound(long session, int packetId, ReasonCode reason) {
    put(Family.INBOUND, Key.of(session, (short) packetId), new byte[] {(byte) reason.value()});
  }

  @Override
  public void inboundGone(long session, int packetId) {
    delete(Family.INBOUND, Key.of(session, (short) packetId));
  }

  @Override
  public void retained(RetainedMessage retained) {
    put(Family.RETAINED, Key.of(retained.message().topic().text()), RetainedRow.encode(retained));
  }

  @Override
  public void retainedGone(TopicName topic) {
    delete(Family.RETAINED, Key.of(topic.text()));
  }

  @Override
  public void will(WillRecord will) {
    put(Family.WILL, Key.of(will.id().epoch()), SessionRow.encode(will));
  }

  @Override
  public void willGone(WillId id) {
    delete(Family.WILL, Key.of(id.epoch()));
  }
}
