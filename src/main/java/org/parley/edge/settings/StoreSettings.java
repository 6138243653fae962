package org.parley.edge.settings;

import static org.parley.edge.settings.Parsers.TEXT;
import static org.parley.edge.settings.Parsers.bytes;
import static org.parley.edge.settings.Parsers.oneOf;

import java.util.List;
import java.util.Locale;

/** Where and how durable state is kept. */
public final class StoreSettings {
  private static final SettingList ALL = new SettingList();
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long TIB = 1L << 40;

  /** What an acknowledged message has to outlive. */
  public enum Durability {
    /** The loss of power: it is on the disk. */
    FSYNC,
    /** The end of the process: the operating system has it. */
    OS,
    /** Nothing: no file is written. */
    MEMORY;

    /** Returns its name as it is written in settings. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static final Setting<String> DATA_DIR =
      ALL.add(
          "parley.data.dir",
          "data",
          TEXT,
          "Folder of durable state, mode 0700; a relative path is below the server's output"
              + " folder.");
  public static final Setting<Durability> DURABILITY =
      ALL.add(
          "parley.durability",
          "fsync",
          oneOf(Durability.class),
          "What acknowledged means: fsync: on the disk; os: given to the operating system; memory:"
              + " nothing survives a restart.");
  public static final Setting<Long> RESERVE =
      ALL.add(
          "parley.data.reserve",
          "256MiB",
          bytes(0, TIB),
          "With less than this left on the disk, PUBLISH with QoS 1 and 2 is answered with 0x97,"
              + " nothing is retained, and the broker is not ready.");
  public static final Setting<Long> PRESSURE =
      ALL.add(
          "parley.data.pressure",
          "8MiB",
          bytes(1024, GIB),
          "With more changes than this waiting for the disk, publishers are slowed down.");
  public static final Setting<Long> MEMORY =
      ALL.add(
          "parley.data.memory",
          "64MiB",
          bytes(MIB, TIB),
          "Memory of the store for what is written and not in order on the disk yet; its log is"
              + " twice as much at most.");

  private StoreSettings() {}

  /** Returns every one, in the order of the reference. */
  static List<Setting<?>> all() {
    return ALL.settings();
  }
}
