package org.parley.log.rocksdb;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.parley.log.rocksdb.Salvage.Cursor;
import org.parley.log.row.RowException;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/**
 * Makes a new database of what can be read of a damaged one. That is not changed: it is moved aside
 * once the new one is whole.
 */
final class Repair {
  private final PrintStream out;
  private final NewDatabase target;
  private boolean lost;

  private Repair(PrintStream out, NewDatabase target) {
    this.out = out;
    this.target = target;
  }

  /** Repairs the store of a folder; returns whether nothing was lost. */
  static boolean run(DataDirectory directory, PrintStream out)
      throws ToolException, IOException, RocksDBException {
    if (directory.isHalfRepaired()) {
      Folders.rename(directory.repaired(), directory.database());
      out.println("the repair that was cut off is finished");
      return true;
    }
    var part = directory.unfinished();
    Folders.delete(part);
    Folders.delete(directory.repaired());
    boolean lost;
    try (var target = new NewDatabase(part)) {
      var repair = new Repair(out, target);
      repair.fill(directory.database());
      target.finish();
      lost = repair.lost;
    } catch (IOException | RocksDBException | ToolException e) {
      Folders.delete(part);
      throw e;
    }
    try (var rows = StoredRows.open(part)) {
      Census.of(rows, out).print();
    }
    var kept = Folders.beside(directory.database(), ".damaged.");
    Folders.rename(part, directory.repaired());
    Folders.rename(directory.database(), kept);
    Folders.rename(directory.repaired(), directory.database());
    out.println("the database as it was is kept: " + kept);
    return !lost;
  }

  private void fill(Path database) throws ToolException, IOException, RocksDBException {
    FileList.cutEnd(database);
    StoredRows rows;
    try {
      rows = StoredRows.open(database);
    } catch (ToolException e) {
      if (e.status() != StoreTool.BROKEN) {
        throw e;
      }
      lost("the list of files is lost, and with it the log: " + e.getMessage());
      fillFrom(sstFiles(database));
      writeSchema();
      return;
    }
    try (rows) {
      rows.damagedLog().ifPresent(reason -> lost("lost: the end of the log: " + reason));
      for (var family : Family.values()) {
        fill(rows, family);
      }
    }
    writeSchema();
  }

  private void writeSchema() throws RocksDBException {
    target.put(Family.META, RocksStore.SCHEMA_KEY, RocksStore.number(RocksStore.SCHEMA));
  }

  private void lost(String line) {
    lost = true;
    out.println(line.replace('\n', ' '));
  }

  private void lostRows(Family family, String where) {
    lost("lost: rows of family " + family.text() + " between " + where);
  }

  private void fill(StoredRows rows, Family family) throws RocksDBException {
    var bad = BadFile.among(rows, family);
    bad.forEach(file -> out.println(file.line().replace('\n', ' ')));
    if (bad.stream().noneMatch(BadFile::closed)) {
      new Salvage(() -> Cursor.of(rows.iterator(family)), where -> lostRows(family, where))
          .read((key, value) -> put(family, key, value));
      return;
    }
    // As one they cannot be read any more. What was removed in one of them is in another.
    lost("family " + family.text() + " is read file by file: rows that were removed may be back");
    var files = new ArrayList<Path>();
    for (var file : rows.files(family)) {
      files.add(Path.of(BadFile.path(file)));
    }
    fillFrom(files);
    new Salvage(() -> Cursor.of(rows.iteratorOfLog(family)), where -> lostRows(family, where))
        .read((key, value) -> put(family, key, value));
  }

  private static List<Path> sstFiles(Path database) throws IOException {
    try (var files = Files.list(database)) {
      return files
          .filter(file -> file.toString().endsWith(".sst"))
          .sorted(Comparator.naturalOrder()) // by their numbers: the newest last
          .toList();
    }
  }

  private void fillFrom(List<Path> files) throws RocksDBException {
    try (var options = new Options();
        var reading = new ReadOptions().setVerifyChecksums(true).setFillCache(false)) {
      for (var file : files) {
        fillFrom(file, options, reading);
      }
    }
  }

  private void fillFrom(Path file, Options options, ReadOptions reading) throws RocksDBException {
    try (var reader = new SstFileReader(options)) {
      byte[] name;
      try {
        reader.open(file.toString());
        name = reader.getTableProperties().getColumnFamilyName();
      } catch (RocksDBException e) {
        lost("lost: all rows of the file " + file.getFileName() + ": " + e.getMessage());
        return;
      }
      var family = Family.of(name);
      if (family.isPresent()) {
        new Salvage(
                () -> Cursor.of(reader.newIterator(reading)),
                where -> lostRows(family.get(), where))
            .read((key, value) -> put(family.get(), key, value));
      }
    }
  }

  private void put(Family family, byte[] key, byte[] value) throws RocksDBException {
    try {
      RowDecoder.check(family, key, value);
      target.put(family, key, value);
    } catch (RowException | IndexOutOfBoundsException e) {
      lost("put aside: a row of family " + family.text() + ": " + e.getMessage());
      target.put(Family.DAMAGED, Loader.damagedKey(family, key), value);
    }
  }
}
