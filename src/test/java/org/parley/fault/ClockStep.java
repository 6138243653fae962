package org.parley.fault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** {@code clockstep.c}, compiled: a wall clock of the broker's own. */
final class ClockStep {
  private static final Path SOURCE = Path.of("src", "test", "native", "clockstep.c");

  private ClockStep() {}

  /**
   * Compiles it with the C compiler of the system; returns the environment of the broker.
   *
   * @param file says by how many seconds that clock differs
   */
  static Map<String, String> environment(Path file) throws IOException, InterruptedException {
    var library = file.resolveSibling("clockstep.so").toAbsolutePath();
    Files.writeString(file, "0\n");
    var gcc =
        new ProcessBuilder(
                "gcc",
                "-O2",
                "-shared",
                "-fPIC",
                "-o",
                library.toString(),
                SOURCE.toString(),
                "-ldl")
            .redirectErrorStream(true)
            .start();
    var said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (gcc.waitFor() != 0) {
      throw new IOException(said);
    }
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "CLOCKSTEP_FILE", file.toAbsolutePath().toString());
  }
}
