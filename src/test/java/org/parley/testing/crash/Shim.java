package org.parley.testing.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code powercut.c}, compiled: what it writes, and what it is to be told. */
public final class Shim {
  private static final Path SOURCE = Path.of("src", "test", "native", "powercut.c");

  private final Path library;
  private final Path journal;
  private final Path grave;
  private final Path root;

  private Shim(Path folder, Path root) {
    this.library = folder.resolve("powercut.so");
    this.journal = folder.resolve("journal");
    this.grave = folder.resolve("grave");
    this.root = root;
  }

  /**
   * Compiles it with the C compiler of the system.
   *
   * @param folder for what it makes; on the file system of {@code root}
   * @param root the folder that it looks at
   */
  public static Shim compile(Path folder, Path root) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    var shim = new Shim(folder.toAbsolutePath(), root.toAbsolutePath());
    var command =
        List.of(
            "gcc",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-O2",
            "-shared",
            "-fPIC",
            "-o",
            shim.library.toString(),
            SOURCE.toString(),
            "-ldl");
    var gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (gcc.waitFor() != 0) {
      throw new IOException(said);
    }
    return shim;
  }

  Path root() {
    return root;
  }

  /** Forgets what it knows, and returns the environment of a process that it is to look at. */
  public Map<String, String> environment() throws IOException {
    Files.deleteIfExists(journal);
    Folders.delete(grave);
    Files.createDirectories(grave);
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "POWERCUT_ROOT", root.toString(),
        "POWERCUT_JOURNAL", journal.toString(),
        "POWERCUT_GRAVE", grave.toString());
  }

  /** The same, and a fault as {@code powercut.c} describes them. */
  public Map<String, String> environment(String fault) throws IOException {
    var all = new HashMap<>(environment());
    all.put("POWERCUT_FAULT", fault);
    return all;
  }

  /** Returns where the bytes are that others were written over. */
  Path old() {
    return journal.resolveSibling(journal.getFileName() + ".old");
  }

  /** Returns the lines of the journal, each as its words. */
  List<String[]> journal() throws IOException {
    return Files.readAllLines(journal).stream().map(line -> line.split("\t", -1)).toList();
  }

  /** Returns how many syncs of files with this ending have ended well. */
  public long syncs(String ending) throws IOException {
    var begun = new HashMap<String, String>();
    long count = 0;
    for (var words : journal()) {
      switch (words[0]) {
        case "B" -> begun.put(words[1], words[2]);
        case "E" -> count += begun.getOrDefault(words[1], "").endsWith(ending) ? 1 : 0;
        default -> {}
      }
    }
    return count;
  }

  /** Returns whether it has made something fail. */
  public boolean failed() throws IOException {
    return journal().stream().anyMatch(words -> words[0].equals("W") || words[0].equals("F"));
  }
}
