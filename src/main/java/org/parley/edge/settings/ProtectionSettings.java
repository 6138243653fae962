package org.parley.edge.settings;

import static org.parley.edge.settings.Parsers.TEXT;

import java.util.List;

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

  private ProtectionSettings() {}

  /** Returns every one of them, in the order of the reference. */
  static List<Setting<?>> all() {
    return ALL.settings();
  }
}
