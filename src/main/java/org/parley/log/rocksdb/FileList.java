package org.parley.log.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * RocksDB's list of its files, the MANIFEST, to which it adds as to a log. What the loss of power
 * has left of a change that was not synced may look like damage, and RocksDB does not open a
 * database with that. Nothing was built on such a change: it is cut off. That the last change had
 * been synced and was damaged later looks the same, so that somebody has to be told.
 */
final class FileList {
  /** The file that names the list. */
  static final String CURRENT = "CURRENT";

  private static final Pattern NAME = Pattern.compile("MANIFEST-\\d{1,18}");

  private FileList() {}

  /**
   * Cuts what cannot be read off the end of the list, and keeps it beside the database. Damage that
   * is not at the end is left to RocksDB. For a database that nobody has open.
   *
   * @return the file and the place, if there was something
   */
  static Optional<String> cutEnd(Path database) throws IOException {
    var current = database.resolve(CURRENT);
    var found = Files.exists(current) ? named(database, text(current)) : Optional.<Path>empty();
    return found.isPresent() ? cutEndOf(found.get(), database) : Optional.empty();
  }

  /** Returns what the file that names the list says; damaged, it may be any bytes. */
  static String text(Path current) throws IOException {
    return Files.readString(current, StandardCharsets.ISO_8859_1);
  }

  /** Returns the list that is named, if it is one, and there. */
  static Optional<Path> named(Path database, String text) {
    var name = text.strip();
    return NAME.matcher(name).matches()
        ? Optional.of(database.resolve(name)).filter(Files::exists)
        : Optional.empty();
  }

  private static Optional<String> cutEndOf(Path list, Path database) throws IOException {
    try (var file = FileChannel.open(list, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      var found = LogScan.read(file);
      if (found.end() <= 0 || found.damaged()) {
        return Optional.empty();
      }
      keep(file, found.end(), database.resolveSibling(database.getFileName() + ".list-end"));
      file.truncate(found.end());
      file.force(true);
      return Optional.of(list.getFileName() + " could not be read at " + found.end());
    }
  }

  private static void keep(FileChannel file, long from, Path target) throws IOException {
    var rest = ByteBuffer.allocate(Math.toIntExact(file.size() - from));
    int got;
    do {
      got = file.read(rest, from + rest.position());
    } while (got > 0);
    Files.write(target, rest.array());
  }
}
