package org.parley.edge.settings;

/**
 * One setting.
 *
 * @param key the MicroProfile Config property; {@code parley.https.port} is also {@code
 *     PARLEY_HTTPS_PORT} in the environment
 * @param defaultText the value as text when none is given; empty: none
 * @param parser reads a value, or throws {@link IllegalArgumentException} with what it should be
 * @param meaning one line for the reference
 */
public record Setting<T>(String key, String defaultText, Parser<T> parser, String meaning) {
  /** Reads a value from its text. */
  @FunctionalInterface
  public interface Parser<T> {
    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException if the text is no such value; its message says what is, as
     *     in "use a number from 1 to 10"
     */
    T parse(String text);
  }

  /** Returns the name that stands for the key in the environment. */
  public String environmentName() {
    return environmentName(key);
  }

  /** Returns what MicroProfile Config looks up in the environment for a key. */
  static String environmentName(String key) {
    return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(java.util.Locale.ROOT);
  }
}
