package org.parley.log.rocksdb;

import java.util.regex.Pattern;

/** Names of RocksDB's log files. */
final class LogFile {
  private static final Pattern NAME = Pattern.compile("(\\d{1,18})\\.log");

  private LogFile() {}

  /** Returns the number of a log by the name of its file; -1 if that is not one. */
  static long number(String name) {
    var matcher = NAME.matcher(name);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }
}
