package org.parley.edge.linelog;

import java.nio.file.Path;
import java.util.Map;

/** Where the server keeps its logs. */
public final class LogFolder {
  /**
   * The {@code server} command of Open Liberty sets the first to the folder that it uses; the
   * second is what its user may have set.
   */
  private static final String[] VARIABLES = {"X_LOG_DIR", "LOG_DIR"};

  private LogFolder() {}

  /**
   * Returns the folder; without a word in the environment it is {@code logs} in the working
   * directory, which the {@code server} command makes the server's output folder.
   */
  public static Path of(Map<String, String> environment) {
    for (var name : VARIABLES) {
      var folder = environment.getOrDefault(name, "");
      if (!folder.isEmpty()) {
        return Path.of(folder);
      }
    }
    return Path.of("logs");
  }
}
