package org.parley.edge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that is read again when it changes: when two looks in a row have found it the same, so
 * that one that is being written is not. One thread uses it.
 */
final class WatchedFile {
  /** Where the content comes from. */
  interface Source {
    /** Returns what tells one state of the file from another, as {@code equals} compares it. */
    Object version() throws IOException;

    /** Returns the content, or more of it than its reader takes. */
    byte[] bytes() throws IOException;
  }

  /** What a look found that differs from what was read; it is read when the next finds it too. */
  private record Sighting(Object version, ByteBuffer bytes) {}

  private final Source source;
  private @Nullable Object version;
  private @Nullable Sighting sighting;

  WatchedFile(Source source) {
    this.source = source;
  }

  /** Reads the file as it is, at the start. */
  byte[] read() throws IOException {
    var before = source.version();
    var content = source.bytes();
    version = before;
    return content;
  }

  /**
   * Looks at the file.
   *
   * @return its content if it has changed; after a failure, also if it is as before
   */
  Optional<byte[]> poll() throws IOException {
    try {
      var now = source.version();
      if (now.equals(version)) {
        sighting = null;
        return Optional.empty();
      }
      var content = source.bytes();
      var seen = new Sighting(now, ByteBuffer.wrap(content));
      boolean confirmed = seen.equals(sighting) && source.version().equals(now);
      sighting = seen;
      if (!confirmed) {
        return Optional.empty();
      }
      version = now;
      sighting = null;
      return Optional.of(content);
    } catch (IOException e) {
      version = null; // the same file, when it is back, is read again
      sighting = null;
      throw e;
    }
  }
}
