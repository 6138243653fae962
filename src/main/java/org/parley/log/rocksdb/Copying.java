package org.parley.log.rocksdb;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.rocksdb.RocksDBException;

/** Copies all rows of a store, as they are at one moment, to a folder that has none. */
final class Copying {
  private Copying() {}

  /** Copies, verifies and counts; returns whether all is well with the copy. */
  static boolean run(Path from, Path to, PrintStream out)
      throws ToolException, IOException, RocksDBException {
    boolean made = Files.notExists(to);
    try (var rows = LiveRows.open(DataDirectory.database(from))) {
      rows.damagedLog().ifPresent(reason -> out.println("the log is damaged: " + reason));
      boolean whole = rows.damagedLog().isEmpty();
      try (var target = DataDirectory.take(to)) {
        return copy(rows, target, out) && whole;
      } catch (ToolException | IOException | RocksDBException e) {
        if (made) {
          Folders.delete(to);
        }
        throw e;
      }
    }
  }

  private static boolean copy(StoredRows rows, DataDirectory target, PrintStream out)
      throws ToolException, IOException, RocksDBException {
    var part = target.unfinished();
    try {
      var copied = fill(rows, part);
      Census census;
      try (var copy = StoredRows.open(part)) {
        census = Census.of(copy, out);
      }
      for (var family : Family.values()) {
        if (census.rows(family) != copied.getOrDefault(family, 0L)) {
          throw new IOException("the copy has lost rows of family " + family.text());
        }
      }
      Folders.ownerAlone(target.path());
      Folders.ownerAlone(part);
      Folders.rename(part, target.database());
      Folders.syncEntry(target.path());
      census.print();
      return !census.isBroken();
    } finally {
      Folders.delete(part);
    }
  }

  private static Map<Family, Long> fill(StoredRows rows, Path part)
      throws IOException, RocksDBException {
    var copied = new EnumMap<Family, Long>(Family.class);
    try (var target = new NewDatabase(part)) {
      for (var family : Family.values()) {
        rows.forEach(
            family,
            (key, value) -> {
              target.put(family, key, value);
              copied.merge(family, 1L, Long::sum);
            });
      }
      target.finish();
    }
    return copied;
  }
}
