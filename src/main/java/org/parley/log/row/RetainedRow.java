package org.parley.log.row;

import java.util.Optional;
import org.parley.mqtt.state.Owner;
import org.parley.mqtt.state.RetainedMessage;

/**
 * A retained message with its publisher. Without one it is the message alone, as all rows of the
 * first schema are.
 */
public final class RetainedRow {
  /** Of a row with a publisher; one that begins with another number is that of a message. */
  private static final int VERSION = 2;

  private RetainedRow() {}

  /** Returns the row. */
  public static byte[] encode(RetainedMessage retained) {
    var row = new RowWriter();
    retained.publisher().ifPresent(publisher -> OwnerPart.write(row.octet(VERSION), publisher));
    MessageRow.write(row, retained.message());
    return row.toByteArray();
  }

  /**
   * Returns the retained message of a row.
   *
   * @throws RowException if it is none
   */
  public static RetainedMessage decode(byte[] bytes) {
    var row = new RowReader(bytes);
    var publisher = row.skip(VERSION) ? Optional.of(OwnerPart.read(row)) : Optional.<Owner>empty();
    var retained = new RetainedMessage(MessageRow.read(row), publisher);
    row.end();
    return retained;
  }
}
