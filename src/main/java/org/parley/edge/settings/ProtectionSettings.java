package org.parley.edge.settings;

import static org.parley.edge.settings.Parsers.RATES;
import static org.parley.edge.settings.Parsers.TEXT;
import static org.parley.edge.settings.Parsers.burst;
import static org.parley.edge.settings.Parsers.duration;
import static org.parley.edge.settings.Parsers.number;

import java.time.Duration;
import java.util.List;
import org.parley.limit.Rate;

/** The settings of what keeps peers out whoever they are by policy. */
public final class ProtectionSettings {
  private static final SettingList ALL = new SettingList();

  public static final Setting<String> BANS =
      ALL.add(
          "parley.bans",
          "",
          TEXT,
          "File with banned addresses, identities and Client Identifiers, looked at as often as the"
              + " policy file; empty: nobody is banned.");

  public static final Setting<Rate> FLAPPING_RATE =
      ALL.add(
          "parley.flapping.rate",
          "0",
          RATES,
          "Connects of one PCP URI, or of one MQTT identity with one Client Identifier; over it the"
              + " client is kept out for a while. 0: unlimited.");
  public static final Setting<Integer> FLAPPING_BURST =
      ALL.add("parley.flapping.burst", "30", burst(), "How many of them at once.");
  public static final Setting<Duration> FLAPPING_BAN =
      ALL.add(
          "parley.flapping.ban",
          "5m",
          duration(Duration.ofSeconds(1), Duration.ofDays(1)),
          "How long it is kept out.");

  public static final Setting<Integer> SHED_PERCENT =
      ALL.add(
          "parley.memory.shed-percent",
          "95",
          number(0, 100),
          "How full memory is, after garbage collection, when nobody new is let in; 0: never.");

  private ProtectionSettings() {}

  /** Returns every one of them, in the order of the reference. */
  static List<Setting<?>> all() {
    return ALL.settings();
  }
}
