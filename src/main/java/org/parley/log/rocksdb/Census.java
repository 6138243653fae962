package org.parley.log.rocksdb;

import java.io.PrintStream;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.parley.log.row.RowException;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.routing.TopicFilter;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.QueueEntry;
import org.parley.mqtt.state.RetainedMessage;
import org.parley.mqtt.state.SessionRecord;
import org.parley.mqtt.state.StateRows;
import org.parley.mqtt.state.WillRecord;
import org.rocksdb.RocksDBException;

/** Reads and decodes all rows, counts them, and tells what is wrong, a line each. */
final class Census implements StateRows {

  /** So many rows are told of one by one; the others are counted. */
  private static final int TOLD = 100;

  private final PrintStream out;
  private final Map<Family, Long> rows = new EnumMap<>(Family.class);
  private final Set<Long> sessions = new HashSet<>();
  private final Set<Long> messages = new HashSet<>();
  private final Set<Long> named = new HashSet<>();
  private long online;
  private long orphans;
  private long undecodable;
  private boolean broken;

  private Census(PrintStream out) {
    this.out = out;
  }

  /** Counts, and tells what is wrong. */
  static Census of(StoredRows stored, PrintStream out) {
    var census = new Census(out);
    stored.damagedLog().ifPresent(reason -> census.wrong("the log is damaged: " + reason));
    for (var file : BadFile.among(stored)) {
      census.wrong(file.line());
    }
    for (var family : Family.values()) {
      census.count(stored, family);
    }
    census.end();
    return census;
  }

  private void wrong(String line) {
    broken = true;
    out.println(line.replace('\n', ' '));
  }

  private void count(StoredRows stored, Family family) {
    rows.put(family, 0L);
    try {
      stored.forEach(family, (key, value) -> take(family, key, value));
    } catch (RocksDBException e) {
      wrong("family " + family.text() + " cannot be read to its end: " + e.getMessage());
    }
  }

  private void take(Family family, byte[] key, byte[] value) {
    rows.merge(family, 1L, Long::sum);
    try {
      if (!RowDecoder.tell(family, key, value, messages::contains, this)) {
        orphans++;
      }
    } catch (RowException | IndexOutOfBoundsException e) {
      undecodable++;
      broken = true;
      if (undecodable <= TOLD) {
        var name = HexFormat.of().formatHex(key);
        wrong("family " + family.text() + ": row " + name + " cannot be read: " + e.getMessage());
      }
    }
  }

  private void end() {
    orphans += messages.size() - named.size();
    if (undecodable > TOLD) {
      wrong(undecodable - TOLD + " more rows cannot be read");
    }
    if (rows(Family.DAMAGED) > 0) {
      wrong(rows(Family.DAMAGED) + " rows were put aside because they could not be read");
    }
  }

  /** Returns whether anything is wrong. */
  boolean isBroken() {
    return broken;
  }

  /** Returns how many rows a family has, those that cannot be decoded too. */
  long rows(Family family) {
    return rows.getOrDefault(family, 0L);
  }

  /** Prints the counts. */
  void print() {
    long all = rows(Family.SESSION);
    out.println("sessions " + all + " (online " + online + ", offline " + offline() + ")");
    out.println("subscriptions " + rows(Family.SUBSCRIPTION));
    out.println("entries " + rows(Family.ENTRY));
    out.println("messages " + rows(Family.MESSAGE));
    out.println("open identifiers " + rows(Family.INBOUND));
    out.println("retained " + rows(Family.RETAINED));
    out.println("wills " + rows(Family.WILL));
    out.println("orphans " + orphans);
    out.println("damaged rows " + (rows(Family.DAMAGED) + undecodable));
  }

  private long offline() {
    return sessions.size() - online;
  }

  private void ofSession(long session) {
    if (!sessions.contains(session)) {
      orphans++;
    }
  }

  @Override
  public void session(SessionRecord session) {
    sessions.add(session.number());
    if (session.online()) {
      online++;
    }
  }

  @Override
  public void subscription(
      long session, TopicFilter filter, SubscriptionOptions options, int subscriptionId) {
    ofSession(session);
  }

  @Override
  public void message(long number, Message message) {
    messages.add(number);
  }

  @Override
  public void entry(long session, QueueEntry entry, long message) {
    ofSession(session);
    if (message != IN_THE_ENTRY && sessions.contains(session)) {
      named.add(message);
    }
  }

  @Override
  public void inbound(long session, int packetId, ReasonCode reason) {
    ofSession(session);
  }

  @Override
  public void retained(RetainedMessage retained) {
    // counted as a row
  }

  @Override
  public void will(WillRecord will) {
    // counted as a row
  }
}
