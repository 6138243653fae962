package org.parley.edge.settings;

/** The configuration is wrong; the message is one line with the key, the value and the remedy. */
public final class SettingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SettingException(String line) {
    super(line, null, false, false);
  }
}
