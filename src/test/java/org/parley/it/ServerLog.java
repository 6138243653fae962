package org.parley.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the server logs from a moment on; an octet is a character, so that none hides. */
final class ServerLog {
  /** The folder of the server under test that its logs are in. */
  static final Path LOGS =
      Path.of(
          System.getProperty("parley.it.wlp", ""),
          "usr",
          "servers",
          System.getProperty("parley.it.server", ""),
          "logs");

  private final int start = text().length();

  private ServerLog() {}

  /** Takes note of where the log ends now. */
  static ServerLog fromNow() {
    return new ServerLog();
  }

  /** Returns the lines that were added since. */
  List<String> lines() {
    return text().substring(start).lines().toList();
  }

  /** Waits for a line with this text in it, and returns the first. */
  String awaitLine(String text) {
    return await(text)
        .atMost(ServerUnderTest.SOON)
        .until(
            () -> lines().stream().filter(line -> line.contains(text)).findFirst().orElse(""),
            line -> !line.isEmpty());
  }

  /** Returns the names of the first-failure data files: each is a fault of the server or ours. */
  static List<String> failures() {
    var directory = LOGS.resolve("ffdc");
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text() {
    try {
      return Files.readString(LOGS.resolve("messages.log"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
