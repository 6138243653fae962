package org.parley.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file on disk, or what a symbolic link leads to.
 *
 * @param maxBytes that are of any use to its reader
 */
record WatchedPath(Path path, int maxBytes) implements WatchedFile.Source {
  @Override
  public Object version() throws IOException {
    return FileVersion.of(path);
  }

  @Override
  public byte[] bytes() throws IOException {
    try (var in = Files.newInputStream(path)) {
      return in.readNBytes(maxBytes + 1);
    }
  }
}
