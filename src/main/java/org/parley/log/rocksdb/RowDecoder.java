package org.parley.log.rocksdb;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongPredicate;
import org.parley.log.row.EntryRow;
import org.parley.log.row.MessageRow;
import org.parley.log.row.RetainedRow;
import org.parley.log.row.RowException;
import org.parley.log.row.SessionRow;
import org.parley.log.row.SubscriptionRow;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.NoChanges;
import org.parley.mqtt.state.StateRows;

/** Tells rows one by one, whatever they belong to. */
final class RowDecoder {

  /** Stands for a message that has a row of its own. */
  private static final Message ELSEWHERE =
      Message.received(
          "",
          TopicName.EMPTY,
          QoS.AT_MOST_ONCE,
          false,
          MessageProperties.NONE,
          BinaryData.EMPTY,
          0);

  private static final StateRows NOBODY = new NoChanges();

  private RowDecoder() {}

  /**
   * Tells a row. The message of an entry is its own, or one that stands for another row.
   *
   * @param messages whether there is a message of a number
   * @return false for an entry whose message is missing
   * @throws RowException if it is none
   * @throws IndexOutOfBoundsException if its key is too short
   */
  static boolean tell(
      Family family, byte[] key, byte[] value, LongPredicate messages, StateRows to) {
    switch (family) {
      case META -> meta(key, value);
      case SESSION -> to.session(SessionRow.decode(Key.number(key), value));
      case SUBSCRIPTION -> {
        var row = SubscriptionRow.decode(value);
        to.subscription(
            Key.number(key),
            SubscriptionRow.filter(Key.text(key)),
            row.options(),
            row.subscriptionId());
      }
      case MESSAGE -> to.message(Key.number(key), MessageRow.decode(value));
      case ENTRY -> {
        var row =
            EntryRow.decode(
                value, Key.sequence(key), number -> messages.test(number) ? ELSEWHERE : null);
        if (row == null) {
          return false;
        }
        to.entry(Key.number(key), row.entry(), row.message());
      }
      case INBOUND -> to.inbound(Key.number(key), Key.packetId(key), EntryRow.outcome(value));
      case RETAINED -> to.retained(RetainedRow.decode(value));
      case WILL -> to.will(SessionRow.decodeWill(Key.number(key), value));
      case DAMAGED -> {}
    }
    return true;
  }

  /**
   * Decodes a row, for the failure alone.
   *
   * @throws RowException if it is none
   * @throws IndexOutOfBoundsException if its key is too short
   */
  static void check(Family family, byte[] key, byte[] value) {
    tell(family, key, value, _ -> true, NOBODY);
  }

  /** Returns the number that a row of the family {@code META} is. */
  static long meta(byte[] key, byte[] value) {
    if (!Arrays.equals(key, RocksStore.SCHEMA_KEY) && !Arrays.equals(key, RocksStore.TIME_KEY)) {
      throw new IndexOutOfBoundsException("no name of ours");
    }
    return ByteBuffer.wrap(value).getLong(0);
  }
}
