package org.parley.log.row;

import java.time.Instant;
import java.util.Optional;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.state.Owner;
import org.parley.mqtt.state.SessionRecord;
import org.parley.mqtt.state.WillId;
import org.parley.mqtt.state.WillRecord;

/**
 * Sessions and wills; the number of a session, and the epoch of a will, are in their keys. There
 * are two versions: the second also has the end of the token that proved who the owner is.
 */
public final class SessionRow {
  private static final int VERSION = 1;
  private static final int VERSION_WITH_TOKEN = 2;

  private SessionRow() {}

  /** Returns the row of a session. */
  public static byte[] encode(SessionRecord session) {
    var row = new RowWriter();
    row.octet(version(session.owner()))
        .text(session.clientId())
        .number(session.epoch())
        .number(session.expirySeconds())
        .number(session.receiveMaximum())
        .flag(session.online())
        .number(session.endsAt())
        .number(session.nextSequence())
        .number(session.sentBefore());
    writeOwner(row, session.owner());
    return row.optional(session.will(), MessageRow::writeWill).toByteArray();
  }

  /**
   * Returns the session of a row.
   *
   * @throws RowException if it is none
   */
  public static SessionRecord decode(long number, byte[] bytes) {
    var row = new RowReader(bytes);
    int version = row.version(VERSION, VERSION_WITH_TOKEN);
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
            readOwner(row, version),
            row.optional(MessageRow::readWill));
    row.end();
    return session;
  }

  /** Returns the row of a will. */
  public static byte[] encode(WillRecord will) {
    var row = new RowWriter();
    row.octet(version(will.owner())).text(will.id().clientId());
    writeOwner(row, will.owner());
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
    int version = row.version(VERSION, VERSION_WITH_TOKEN);
    var id = new WillId(row.text(), epoch);
    var will = new WillRecord(id, readOwner(row, version), MessageRow.readWill(row), row.number());
    row.end();
    return will;
  }

  private static int version(Owner owner) {
    return owner.tokenEnd().isPresent() ? VERSION_WITH_TOKEN : VERSION;
  }

  private static void writeOwner(RowWriter row, Owner owner) {
    row.optional(owner.certificate(), RowWriter::binary)
        .optional(owner.userName(), RowWriter::text);
    owner.tokenEnd().ifPresent(end -> row.number(end.toEpochMilli()));
    row.text(owner.protocol()).text(owner.transport()).text(owner.remoteAddress());
  }

  private static Owner readOwner(RowReader row, int version) {
    return new Owner(
        row.<BinaryData>optional(RowReader::binary),
        row.optional(RowReader::text),
        version == VERSION ? Optional.empty() : Optional.of(Instant.ofEpochMilli(row.number())),
        row.text(),
        row.text(),
        row.text());
  }
}
