package org.parley.log.row;

import org.parley.mqtt.state.SessionRecord;
import org.parley.mqtt.state.WillId;
import org.parley.mqtt.state.WillRecord;

/** Sessions and wills; the number of a session, and the epoch of a will, are in their keys. */
public final class SessionRow {
  private static final int VERSION = 1;

  private SessionRow() {}

  /** Returns the row of a session. */
  public static byte[] encode(SessionRecord session) {
    var row = new RowWriter();
    row.octet(VERSION)
        .text(session.clientId())
        .number(session.epoch())
        .number(session.expirySeconds())
        .number(session.receiveMaximum())
        .flag(session.online())
        .number(session.endsAt())
        .number(session.nextSequence())
        .number(session.sentBefore());
    OwnerPart.write(row, session.owner());
    return row.optional(session.will(), MessageRow::writeWill).toByteArray();
  }

  /**
   * Returns the session of a row.
   *
   * @throws RowException if it is none
   */
  public static SessionRecord decode(long number, byte[] bytes) {
    var row = new RowReader(bytes);
    row.version(VERSION);
    var session =
        new SessionRecord(
            number,
            row.text(),
            row.number(),
            row.number(),
            row.number(Integer.MAX_VALUE),
            row.flag(),
            row.number(),
            row.number(),
            row.number(),
            OwnerPart.read(row),
            row.optional(MessageRow::readWill));
    row.end();
    return session;
  }

  /** Returns the row of a will. */
  public static byte[] encode(WillRecord will) {
    var row = new RowWriter();
    row.octet(VERSION).text(will.id().clientId());
    OwnerPart.write(row, will.owner());
    MessageRow.writeWill(row, will.will());
    return row.number(will.due()).toByteArray();
  }

  /**
   * Returns the will of a row.
   *
   * @throws RowException if it is none
   */
  public static WillRecord decodeWill(long epoch, byte[] bytes) {
    var row = new RowReader(bytes);
    row.version(VERSION);
    var id = new WillId(row.text(), epoch);
    var will = new WillRecord(id, OwnerPart.read(row), MessageRow.readWill(row), row.number());
    row.end();
    return will;
  }
}
