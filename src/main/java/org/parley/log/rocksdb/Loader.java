package org.parley.log.rocksdb;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.parley.log.row.EntryRow;
import org.parley.log.row.MessageRow;
import org.parley.log.row.RetainedRow;
import org.parley.log.row.RowException;
import org.parley.log.row.SessionRow;
import org.parley.log.row.SubscriptionRow;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.StateRows;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Reads all rows once. What belongs to nothing any more is removed; what cannot be read is put
 * aside, where a tool finds it, and costs nothing else.
 */
final class Loader {
  private static final Logger LOG = System.getLogger(Loader.class.getName());

  /** What is to be removed and put aside is written in parts of so many rows. */
  private static final int PART = 10_000;

  /** Takes one row; returns false for one that belongs to nothing. */
  @FunctionalInterface
  private interface Visitor {
    boolean visit(byte[] key, byte[] value);
  }

  private final RocksDB database;
  private final Families families;
  private final WriteOptions options;
  private final Set<Long> sessions = new HashSet<>();
  private final Map<Long, Message> messages = new HashMap<>();
  private final Set<Long> named = new HashSet<>();
  private long orphans;
  private long damaged;

  Loader(RocksDB database, Families families, WriteOptions options) {
    this.database = database;
    this.families = families;
    this.options = options;
  }

  /** Returns how many rows are put aside, those of earlier times too. */
  long load(StateRows rows) throws RocksDBException {
    forEach(Family.SESSION, (key, value) -> session(rows, key, value));
    forEach(Family.SUBSCRIPTION, (key, value) -> subscription(rows, key, value));
    forEach(Family.MESSAGE, (key, value) -> message(rows, key, value));
    forEach(Family.ENTRY, (key, value) -> entry(rows, key, value));
    forEach(Family.MESSAGE, (key, _) -> named.contains(Key.number(key)));
    forEach(Family.INBOUND, (key, value) -> inbound(rows, key, value));
    forEach(
        Family.RETAINED,
        (_, value) -> {
          rows.retained(RetainedRow.decode(value));
          return true;
        });
    forEach(
        Family.WILL,
        (key, value) -> {
          rows.will(SessionRow.decodeWill(Key.number(key), value));
          return true;
        });
    forEach(
        Family.DAMAGED,
        (_, _) -> {
          damaged++;
          return true;
        });
    if (orphans > 0) {
      LOG.log(Level.INFO, () -> orphans + " rows that belonged to nothing were removed");
    }
    return damaged;
  }

  private boolean session(StateRows rows, byte[] key, byte[] value) {
    long number = Key.number(key);
    rows.session(SessionRow.decode(number, value));
    sessions.add(number);
    return true;
  }

  private boolean subscription(StateRows rows, byte[] key, byte[] value) {
    long session = Key.number(key);
    var filter = SubscriptionRow.filter(Key.text(key));
    var row = SubscriptionRow.decode(value);
    if (!sessions.contains(session)) {
      return false;
    }
    rows.subscription(session, filter, row.options(), row.subscriptionId());
    return true;
  }

  private boolean message(StateRows rows, byte[] key, byte[] value) {
    long number = Key.number(key);
    var message = MessageRow.decode(value);
    messages.put(number, message);
    rows.message(number, message);
    return true;
  }

  private boolean entry(StateRows rows, byte[] key, byte[] value) {
    long session = Key.number(key);
    var row = EntryRow.decode(value, Key.sequence(key), messages::get);
    if (row == null || !sessions.contains(session)) {
      return false;
    }
    rows.entry(session, row.entry(), row.message());
    named.add(row.message());
    return true;
  }

  private boolean inbound(StateRows rows, byte[] key, byte[] value) {
    long session = Key.number(key);
    if (!sessions.contains(session)) {
      return false;
    }
    rows.inbound(session, Key.packetId(key), EntryRow.outcome(value));
    return true;
  }

  private void forEach(Family family, Visitor visitor) throws RocksDBException {
    try (var rows = database.newIterator(families.of(family));
        var mending = new WriteBatch()) {
      for (rows.seekToFirst(); rows.isValid(); rows.next()) {
        take(family, rows.key(), rows.value(), visitor, mending);
        if (mending.count() >= PART) {
          database.write(options, mending);
          mending.clear();
        }
      }
      rows.status();
      database.write(options, mending);
    }
  }

  private void take(Family family, byte[] key, byte[] value, Visitor visitor, WriteBatch mending)
      throws RocksDBException {
    try {
      if (!visitor.visit(key, value)) {
        mending.delete(families.of(family), key);
        orphans++;
      }
    } catch (RowException | IndexOutOfBoundsException e) {
      LOG.log(Level.WARNING, () -> "a row of " + family + " is put aside: " + e.getMessage());
      mending.delete(families.of(family), key);
      mending.put(families.of(Family.DAMAGED), damagedKey(family, key), value);
    }
  }

  /** Returns the key of a row among those that were put aside. */
  static byte[] damagedKey(Family family, byte[] key) {
    var name = family.name().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(name.length + 1 + key.length)
        .put(name)
        .put((byte) 0)
        .put(key)
        .array();
  }
}
