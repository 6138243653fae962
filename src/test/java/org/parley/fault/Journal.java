package org.parley.fault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.regex.Pattern;

/** What the broker's logs tell of faults of its own. */
final class Journal {
  /** An error of ours, or the trace of an exception through our code. */
  private static final Pattern OURS =
      Pattern.compile(
          "org\\.parley\\S* +E |^\\s+at org\\.parley\\.|failed: pcp://|policy failed|regular work"
              + " failed");

  private Journal() {}

  /** Each line that tells of a fault is a finding. */
  static void check(Broker broker, Findings findings) throws IOException {
    broker.eachLogged(
        line -> {
          if (OURS.matcher(line).find()) {
            findings.add("in the log: " + line);
          }
        });
    double faults = broker.metric("parley_mqtt_internal_errors_total");
    if (faults > 0) {
      findings.add("connections ended by a fault of the broker's: " + faults);
    }
    var first = broker.logs().resolve("ffdc");
    if (Files.isDirectory(first)) {
      try (var files = Files.list(first)) {
        for (var file : files.toList()) {
          if (Files.readString(file, StandardCharsets.ISO_8859_1).contains("at org.parley.")) {
            findings.add("first-failure data: " + file);
          }
        }
      }
    }
  }
}
