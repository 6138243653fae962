package org.parley.edge.settings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The settings of one class of constants, in the order in which they stand there. */
final class SettingList {
  private final List<Setting<?>> settings = new ArrayList<>();

  /** Adds a setting; as {@link Setting}'s own constructor otherwise. */
  <T> Setting<T> add(String key, String defaultText, Setting.Parser<T> parser, String meaning) {
    var setting = new Setting<>(key, defaultText, parser, meaning);
    settings.add(setting);
    return setting;
  }

  /** Returns all of them, to read from. */
  List<Setting<?>> settings() {
    return Collections.unmodifiableList(settings);
  }
}
