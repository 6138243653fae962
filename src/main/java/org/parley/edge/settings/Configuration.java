package org.parley.edge.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.parley.core.LogText;

/** The values of all settings, read and checked once. */
public final class Configuration {
  /** What Kubernetes puts into the environment for a Service named parley. */
  private static final Pattern OF_KUBERNETES =
      Pattern.compile("PARLEY_(PORT|SERVICE)(_[A-Z0-9_]+)?");

  private static final String PREFIX = "parley.";
  private static final String ENVIRONMENT_PREFIX = "PARLEY_";

  private final Map<Setting<?>, Object> values;

  private Configuration(Map<Setting<?>, Object> values) {
    this.values = values;
  }

  /**
   * Reads every setting.
   *
   * @param names every configured property name, ours or not
   * @param lookup the text of a property, empty when it is not set
   * @throws SettingException for the first key that is unknown and the first value that is bad
   */
  public static Configuration read(
      Iterable<String> names, Function<String, Optional<String>> lookup) {
    refuseUnknown(names, lookup);
    var values = new LinkedHashMap<Setting<?>, Object>();
    for (var setting : Settings.all()) {
      values.put(setting, value(setting, lookup));
    }
    return new Configuration(values);
  }

  /** Returns the value of a setting. */
  @SuppressWarnings("unchecked") // read() put in what the setting's own parser made
  public <T> T get(Setting<T> setting) {
    return (T) Objects.requireNonNull(values.get(setting));
  }

  private static Object value(Setting<?> setting, Function<String, Optional<String>> lookup) {
    var text = lookup.apply(setting.key()).orElse(setting.defaultText());
    boolean secret = setting.key().contains("password");
    try {
      return setting.parser().parse(secret ? text : text.strip());
    } catch (IllegalArgumentException e) {
      var shown = secret ? "(not shown)" : text;
      throw new SettingException(
          "%s (%s) is \"%s\": %s."
              .formatted(
                  setting.key(), setting.environmentName(), LogText.escape(shown), e.getMessage()));
    }
  }

  private static void refuseUnknown(
      Iterable<String> names, Function<String, Optional<String>> lookup) {
    var known = Settings.all().stream().map(Setting::key).collect(Collectors.toSet());
    var knownInEnvironment =
        known.stream().collect(Collectors.toMap(Setting::environmentName, key -> key));
    for (var name : names) {
      boolean unknown =
          name.startsWith(PREFIX)
              ? !known.contains(name) && !isEnvironmentSpelling(name, knownInEnvironment, lookup)
              : name.startsWith(ENVIRONMENT_PREFIX)
                  && !knownInEnvironment.containsKey(name)
                  && !OF_KUBERNETES.matcher(name).matches();
      if (unknown) {
        throw new SettingException(
            "%s is not a setting of Parley: remove it, or correct its name (docs/settings.md)."
                .formatted(LogText.escape(name)));
      }
    }
  }

  /**
   * A configuration source may list PARLEY_CRL_HARD_FAIL as parley.crl.hard.fail, dots for hyphens:
   * then both spellings give its value. A file with the dots in it sets nothing, and is refused.
   */
  private static boolean isEnvironmentSpelling(
      String name,
      Map<String, String> knownInEnvironment,
      Function<String, Optional<String>> lookup) {
    var key = knownInEnvironment.get(Setting.environmentName(name));
    return key != null && lookup.apply(key).equals(lookup.apply(name));
  }
}
