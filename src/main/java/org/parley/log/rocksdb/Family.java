package org.parley.log.rocksdb;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.rocksdb.RocksDB;

/** The column families: one for each kind of row. Their order is that of reading. */
enum Family {
  /** By name: the version of the schema, the time of the last write. */
  META(new String(RocksDB.DEFAULT_COLUMN_FAMILY, StandardCharsets.UTF_8)),
  /** By the number of the session. */
  SESSION("sess"),
  /** By session and Topic Filter. */
  SUBSCRIPTION("sub"),
  /** By the number of the message. */
  MESSAGE("msg"),
  /** By session and sequence. */
  ENTRY("q"),
  /** By session and Packet Identifier. */
  INBOUND("in2"),
  /** By topic. */
  RETAINED("ret"),
  /** By the epoch of the connection that brought it. */
  WILL("will"),
  /** Rows that could not be read, by the name of their family and their key. */
  DAMAGED("damaged");

  private final String label;

  Family(String label) {
    this.label = label;
  }

  /** Returns the family of a name on the disk. */
  static Optional<Family> of(byte[] label) {
    return Arrays.stream(values()).filter(one -> Arrays.equals(one.label(), label)).findFirst();
  }

  /** Returns its name. */
  String text() {
    return label;
  }

  /** Returns its name on the disk. */
  byte[] label() {
    return label.getBytes(StandardCharsets.UTF_8);
  }
}
