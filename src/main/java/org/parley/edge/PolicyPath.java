package org.parley.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.parley.policy.file.PolicyReader;

/** A policy file on disk, or what a symbolic link leads to. */
record PolicyPath(Path path) implements PolicyFile.Source {
  @Override
  public Object version() throws IOException {
    return FileVersion.of(path);
  }

  @Override
  public byte[] bytes() throws IOException {
    try (var in = Files.newInputStream(path)) {
      return in.readNBytes(PolicyReader.MAX_BYTES + 1);
    }
  }
}
