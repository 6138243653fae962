package org.parley.log.rocksdb;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksDBException;

/** The command {@code parley-store}: checks, shows, repairs, saves and brings back a store. */
public final class StoreTool {
  static final int FINE = 0;

  /** Something is wrong with the store. */
  static final int BROKEN = 1;

  /** The command is wrong, or the store cannot be used. */
  static final int UNUSABLE = 2;

  private static final String USAGE =
      """
      usage: parley-store check DIR              read everything, count it, say what is wrong
             parley-store dump [--payloads] DIR  print each row as one JSON object
             parley-store repair DIR             save what can be read
             parley-store backup DIR TARGET      copy the store, while a broker has it or not
             parley-store restore BACKUP DIR     make a store of a copy\
      """;

  private final PrintStream out;

  private StoreTool(PrintStream out) {
    this.out = out;
  }

  /** Runs it. */
  public static void main(String... arguments) {
    int status = run(List.of(arguments), System.out, System.err);
    if (status != FINE) {
      System.exit(status);
    }
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    try {
      var tool = new StoreTool(out);
      return switch (String.join(" ", shape(arguments))) {
        case "check DIR" -> tool.check(Path.of(arguments.get(1)));
        case "dump DIR" -> tool.dump(Path.of(arguments.get(1)), false);
        case "dump --payloads DIR" -> tool.dump(Path.of(arguments.get(2)), true);
        case "repair DIR" -> tool.repair(Path.of(arguments.get(1)));
        case "backup DIR DIR" -> tool.backup(Path.of(arguments.get(1)), Path.of(arguments.get(2)));
        case "restore DIR DIR" ->
            tool.restore(Path.of(arguments.get(1)), Path.of(arguments.get(2)));
        default -> {
          err.println(USAGE);
          yield UNUSABLE;
        }
      };
    } catch (ToolException e) {
      err.println(e.getMessage());
      return e.status();
    } catch (IOException e) {
      err.println(Folders.reason(e));
      return UNUSABLE;
    } catch (RocksDBException e) {
      err.println("not all could be read or written: " + oneLine(e));
      return BROKEN;
    }
  }

  private static String oneLine(RocksDBException e) {
    return String.valueOf(e.getMessage()).replace('\n', ' ');
  }

  /** Returns the command with {@code DIR} for each folder. */
  private static List<String> shape(List<String> arguments) {
    var shape = new ArrayList<String>();
    for (int i = 0; i < arguments.size(); i++) {
      shape.add(i == 0 || arguments.get(i).startsWith("--") ? arguments.get(i) : "DIR");
    }
    return shape;
  }

  private static DataDirectory take(Path path) throws ToolException {
    try {
      return DataDirectory.takeExisting(path);
    } catch (IOException e) {
      throw ToolException.unusable(
          "the data folder " + path + " cannot be used: " + Folders.reason(e));
    }
  }

  private int check(Path path) throws ToolException, IOException {
    try (var directory = take(path)) {
      if (directory.isHalfRepaired()) {
        out.println("a repair was cut off; run it again");
        return BROKEN;
      }
      try (var rows = StoredRows.open(directory.database())) {
        var census = Census.of(rows, out);
        census.print();
        out.println(census.isBroken() ? "the store is damaged" : "the store is whole");
        return census.isBroken() ? BROKEN : FINE;
      }
    }
  }

  private int dump(Path path, boolean payloads) throws ToolException, RocksDBException {
    var lines = new PrintStream(new BufferedOutputStream(out), false, StandardCharsets.US_ASCII);
    var printed = new RowLines(lines, payloads);
    boolean[] fine = {true};
    try (var rows = LiveRows.open(DataDirectory.database(path))) {
      for (var family : Family.values()) {
        rows.forEach(family, (key, value) -> fine[0] &= printed.print(family, key, value));
      }
    } finally {
      lines.flush();
    }
    return fine[0] ? FINE : BROKEN;
  }

  private int repair(Path path) throws ToolException, IOException, RocksDBException {
    try (var directory = take(path)) {
      boolean all = Repair.run(directory, out);
      out.println(
          all ? "nothing was lost" : "the store is whole again; see above for what is lost");
      return all ? FINE : BROKEN;
    }
  }

  private int backup(Path path, Path target) throws ToolException, IOException, RocksDBException {
    if (Files.exists(target)) {
      throw ToolException.unusable(target + " is there already");
    }
    return copy(path, target, "saved in ");
  }

  private int restore(Path backup, Path path) throws ToolException, IOException, RocksDBException {
    if (!DataDirectory.isFree(path)) {
      throw ToolException.unusable(path + " is not empty");
    }
    return copy(backup, path, "restored to ");
  }

  private int copy(Path from, Path to, String done)
      throws ToolException, IOException, RocksDBException {
    boolean fine = Copying.run(from, to, out);
    out.println(done + to);
    return fine ? FINE : BROKEN;
  }
}
