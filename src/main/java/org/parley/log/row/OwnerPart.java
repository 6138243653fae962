package org.parley.log.row;

import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.state.Owner;

/** Whose something is, within a row. */
final class OwnerPart {
  private OwnerPart() {}

  static void write(RowWriter row, Owner owner) {
    row.optional(owner.certificate(), RowWriter::binary)
        .optional(owner.userName(), RowWriter::text)
        .text(owner.protocol())
        .text(owner.transport())
        .text(owner.remoteAddress());
  }

  static Owner read(RowReader row) {
    return new Owner(
        row.<BinaryData>optional(RowReader::binary),
        row.optional(RowReader::text),
        row.text(),
        row.text(),
        row.text());
  }
}
