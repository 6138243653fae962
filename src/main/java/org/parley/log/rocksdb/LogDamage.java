package org.parley.log.rocksdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.parley.log.rocksdb.LogScan.Found;

/**
 * Tells damage in RocksDB's log from its end. A log file is written over again, so that its end
 * looks like damage to RocksDB: what is behind it is of a former log. It is damage if a write
 * begins behind it that is of this log and whole, or if the next log does not go on where it ends.
 *
 * <p>After a loss of power it may also be that of several writes that nobody had synced a later one
 * is there and an earlier one is not; that looks the same.
 */
final class LogDamage {
  private LogDamage() {}

  /** Knows which log is the first that is needed; asked only if something was found. */
  @FunctionalInterface
  interface FirstNeeded {
    long number() throws IOException;
  }

  private record Log(long number, Path path, Found found) {
    String where() {
      return path.getFileName() + " cannot be read at " + found.end();
    }
  }

  /**
   * Looks through the logs of a database, which may be written meanwhile.
   *
   * @return the file and the place of the first damage, if there is one
   */
  static Optional<String> find(Path database, FirstNeeded first) throws IOException {
    var damaged = new ArrayList<Log>();
    var expected = OptionalLong.empty();
    Log former = null;
    for (var log : read(database)) {
      var begin = log.found.first();
      if (former != null
          && expected.isPresent()
          && begin.isPresent()
          && expected.getAsLong() != begin.getAsLong()) {
        damaged.add(former);
      }
      if (log.found.damaged()) {
        damaged.add(log);
      }
      former = log;
      expected = log.found.next().isPresent() ? log.found.next() : expected;
    }
    if (damaged.isEmpty()) {
      return Optional.empty();
    }
    long needed = first.number();
    // one that went meanwhile was not needed any more, or is being written over under another name
    return damaged.stream()
        .filter(log -> log.number >= needed && Files.exists(log.path))
        .map(Log::where)
        .findFirst();
  }

  private static List<Log> read(Path database) throws IOException {
    var logs = new ArrayList<Log>();
    try (var files = Files.list(database)) {
      for (var path : files.filter(path -> number(path) >= 0).toList()) {
        try (var file = FileChannel.open(path)) {
          logs.add(new Log(number(path), path, LogScan.read(file, number(path))));
        } catch (NoSuchFileException _) {
          // it is not needed any more
        }
      }
    }
    logs.sort(Comparator.comparingLong(Log::number));
    return logs;
  }

  private static long number(Path path) {
    return LogFile.number(path.getFileName().toString());
  }
}
