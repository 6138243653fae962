package org.parley.log.rocksdb;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** One run of the tool, and what it printed. */
record ToolRun(int status, List<String> out, List<String> err) {

  static ToolRun of(Object... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int status =
        StoreTool.run(
            Stream.of(arguments).map(Object::toString).toList(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new ToolRun(status, lines(out), lines(err));
  }

  private static List<String> lines(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** Returns the files of a family, the newest last. */
  static List<Path> files(Path folder, Family family) throws Exception {
    try (var rows = StoredRows.open(DataDirectory.database(folder))) {
      return rows.files(family).stream().map(file -> Path.of(BadFile.path(file))).toList();
    }
  }
}
