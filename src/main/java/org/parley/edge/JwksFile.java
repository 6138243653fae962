package org.parley.edge;

import java.io.IOException;
import org.parley.edge.settings.SettingException;
import org.parley.edge.settings.TokenSettings;

/** A key set in a file, which is read at the start and again when it changes. */
final class JwksFile implements JwksFeed {
  private static final String UNREADABLE = "the file cannot be read";

  private final WatchedFile file;
  private final JwksKeys keys;

  /**
   * Reads the file for the first time.
   *
   * @throws SettingException if it cannot be used
   */
  JwksFile(WatchedFile.Source source, JwksKeys keys) {
    this.file = new WatchedFile(source);
    this.keys = keys;
    try {
      keys.use(file.read());
    } catch (IOException _) {
      keys.fail(UNREADABLE);
    }
    keys.problem()
        .ifPresent(
            reason -> {
              throw new SettingException(
                  "%s (%s) cannot be used: %s."
                      .formatted(
                          TokenSettings.JWKS.key(), TokenSettings.JWKS.environmentName(), reason));
            });
  }

  @Override
  public void tick() {
    try {
      var changed = file.poll();
      if (changed.isPresent()) {
        keys.use(changed.get());
      } else if (keys.problem().isEmpty()) {
        keys.confirm();
      }
    } catch (IOException _) {
      keys.fail(UNREADABLE);
    }
  }
}
