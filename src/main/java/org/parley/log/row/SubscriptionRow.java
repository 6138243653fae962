package org.parley.log.row;

import org.parley.mqtt.packet.RetainHandling;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.routing.TopicFilter;

/**
 * A subscription; its filter is in its key.
 *
 * @param subscriptionId 1 to 268435455; 0 for none
 */
public record SubscriptionRow(SubscriptionOptions options, int subscriptionId) {
  private static final int VERSION = 1;

  /** Returns the row. */
  public byte[] encode() {
    return new RowWriter()
        .octet(VERSION)
        .octet(options.maximumQos().value())
        .flag(options.noLocal())
        .flag(options.retainAsPublished())
        .octet(options.retainHandling().value())
        .number(subscriptionId)
        .toByteArray();
  }

  /**
   * Returns the subscription of a row.
   *
   * @throws RowException if it is none
   */
  public static SubscriptionRow decode(byte[] bytes) {
    var row = new RowReader(bytes);
    row.version(VERSION);
    var options =
        new SubscriptionOptions(
            row.qos(),
            row.flag(),
            row.flag(),
            RetainHandling.of(row.number(RetainHandling.DO_NOT_SEND.value())));
    int id = row.number(Integer.MAX_VALUE);
    row.end();
    return new SubscriptionRow(options, id);
  }

  /**
   * Returns the filter of a text that was one.
   *
   * @throws RowException if it is none
   */
  public static TopicFilter filter(String text) {
    return TopicFilter.parse(text).orElseThrow(() -> new RowException("no topic filter"));
  }
}
