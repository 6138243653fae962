package org.parley.fault;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What no byte of the broker's may tell: names of classes, and places. */
final class Leaks {
  private static final List<String> SIGNS =
      List.of(
          "org.parley",
          "com.ibm",
          "io.netty",
          "org.rocksdb",
          "java.",
          "jakarta.",
          "Exception",
          "\tat ",
          "SRVE0",
          "CWW",
          "Liberty",
          "/wlp",
          ".jar",
          Path.of("").toAbsolutePath().toString());

  private Leaks() {}

  static void check(byte[] answer, Situation situation) {
    var text = new String(answer, StandardCharsets.ISO_8859_1);
    for (var sign : SIGNS) {
      int at = text.indexOf(sign);
      if (at >= 0) {
        int from = Math.max(0, at - 60);
        situation
            .findings()
            .add("told to a peer: " + text.substring(from, Math.min(text.length(), at + 100)));
      }
    }
  }
}
