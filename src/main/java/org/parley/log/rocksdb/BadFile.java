package org.parley.log.rocksdb;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/**
 * A file of rows that is not as it was written.
 *
 * @param name of the file
 * @param closed whether nothing of it can be read
 */
record BadFile(Family family, String name, boolean closed, String reason) {

  /** Reads all files, and returns those. */
  static List<BadFile> among(StoredRows rows) {
    var bad = new ArrayList<BadFile>();
    for (var family : Family.values()) {
      bad.addAll(among(rows, family));
    }
    return bad;
  }

  /** Reads the files of one family, and returns those. */
  static List<BadFile> among(StoredRows rows, Family family) {
    var bad = new ArrayList<BadFile>();
    try (var options = new Options()) {
      for (var file : rows.files(family)) {
        read(options, family, file, bad);
      }
    }
    return bad;
  }

  private static void read(
      Options options, Family family, LiveFileMetaData file, List<BadFile> bad) {
    boolean closed = true;
    try (var reader = new SstFileReader(options)) {
      reader.open(path(file));
      closed = false;
      reader.verifyChecksum();
    } catch (RocksDBException e) {
      bad.add(
          new BadFile(
              family, file.fileName().substring(1), closed, String.valueOf(e.getMessage())));
    }
  }

  static String path(LiveFileMetaData file) {
    return file.path() + file.fileName();
  }

  /** Returns what is wrong, in one line. */
  String line() {
    return "family " + family.text() + ": the file " + name + " is corrupt: " + reason;
  }
}
