package org.parley.log.row;

import java.util.ArrayList;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.routing.TopicFilter;
import org.parley.mqtt.state.Delivery;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.Owner;
import org.parley.mqtt.state.QueueEntry;
import org.parley.mqtt.state.StateRows;

/**
 * A delivery that is owed, with its message or the number of that.
 *
 * @param message the number of its message; {@link StateRows#IN_THE_ENTRY}
 */
public record EntryRow(QueueEntry entry, long message) {
  private static final int VERSION = 1;
  private static final int RETAIN = 1;
  private static final int REPLAYED = 2;
  private static final int RELEASED = 4;
  private static final int PUBLISHER = 8;
  private static final int ALL_FLAGS = 15;

  /** Returns the row; the sequence is in its key. */
  public byte[] encode() {
    var delivery = entry.delivery();
    var row = new RowWriter();
    row.octet(VERSION)
        .octet(
            (delivery.retain() ? RETAIN : 0)
                | (delivery.replayed() ? REPLAYED : 0)
                | (entry.released() ? RELEASED : 0)
                | (delivery.publisher().isPresent() ? PUBLISHER : 0))
        .octet(delivery.qos().value())
        .number(delivery.subscriptionIds().size());
    for (int id : delivery.subscriptionIds()) {
      row.number(id);
    }
    row.optional(entry.group().map(TopicFilter::text), RowWriter::text);
    delivery.publisher().ifPresent(publisher -> OwnerPart.write(row, publisher));
    row.number(message);
    if (message == StateRows.IN_THE_ENTRY) {
      MessageRow.write(row, delivery.message());
    }
    return row.toByteArray();
  }

  /**
   * Returns the entry of a row; null if there is no message of its number.
   *
   * @param messages those with rows of their own, by number; null if there is none
   * @throws RowException if it is none
   */
  public static @Nullable EntryRow decode(
      byte[] bytes, long sequence, LongFunction<@Nullable Message> messages) {
    var row = new RowReader(bytes);
    row.version(VERSION);
    int flags = row.number(ALL_FLAGS);
    var qos = row.qos();
    int count = row.number(row.remaining());
    var ids = new ArrayList<Integer>(count);
    for (int i = 0; i < count; i++) {
      ids.add(row.number(Integer.MAX_VALUE));
    }
    var group = row.optional(RowReader::text).map(SubscriptionRow::filter);
    var publisher =
        (flags & PUBLISHER) != 0 ? Optional.of(OwnerPart.read(row)) : Optional.<Owner>empty();
    long number = row.number();
    var message = number == StateRows.IN_THE_ENTRY ? MessageRow.read(row) : messages.apply(number);
    row.end();
    if (message == null) {
      return null;
    }
    var delivery =
        new Delivery(message, qos, (flags & RETAIN) != 0, (flags & REPLAYED) != 0, ids, publisher);
    return new EntryRow(new QueueEntry(sequence, delivery, (flags & RELEASED) != 0, group), number);
  }

  /**
   * Returns what PUBREC said to an identifier that is open.
   *
   * @throws RowException if it is none
   */
  public static ReasonCode outcome(byte[] bytes) {
    var row = new RowReader(bytes);
    var reason = row.reason(ReasonCode.Place.PUBREC);
    row.end();
    return reason;
  }
}
