package org.parley.log.row;

import java.time.Instant;
import java.util.Optional;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.state.Owner;

/** Whose something is, within a row. Before a user name stands what has proved it. */
final class OwnerPart {
  private static final int NO_NAME = 0;
  private static final int NAME = 1;

  /** The end of the token stands between; not in rows of schema 1. */
  private static final int NAME_BY_TOKEN = 2;

  private OwnerPart() {}

  static void write(RowWriter row, Owner owner) {
    row.optional(owner.certificate(), RowWriter::binary);
    writeName(row, owner);
    row.text(owner.protocol()).text(owner.transport()).text(owner.remoteAddress());
  }

  private static void writeName(RowWriter row, Owner owner) {
    if (owner.userName().isEmpty()) {
      row.octet(NO_NAME);
    } else if (owner.tokenEnd().isEmpty()) {
      row.octet(NAME).text(owner.userName().get());
    } else {
      row.octet(NAME_BY_TOKEN)
          .number(owner.tokenEnd().get().toEpochMilli())
          .text(owner.userName().get());
    }
  }

  static Owner read(RowReader row) {
    Optional<BinaryData> certificate = row.optional(RowReader::binary);
    Optional<Instant> tokenEnd = Optional.empty();
    Optional<String> userName = Optional.empty();
    switch (row.octet()) {
      case NO_NAME -> {}
      case NAME -> userName = Optional.of(row.text());
      case NAME_BY_TOKEN -> {
        tokenEnd = Optional.of(Instant.ofEpochMilli(row.number()));
        userName = Optional.of(row.text());
      }
      default -> throw new RowException("a name that nothing has proved");
    }
    return new Owner(certificate, userName, tokenEnd, row.text(), row.text(), row.text());
  }
}
