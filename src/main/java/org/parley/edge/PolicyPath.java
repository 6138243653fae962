package org.parley.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.parley.policy.file.PolicyReader;

/** A policy file on disk, or what a symbolic link leads to. */
record PolicyPath(Path path) implements PolicyFile.Source {
  private record State(FileTime modified, long size, Object key) {}

  @Override
  public Object version() throws IOException {
    var attributes = Files.readAttributes(path, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new IOException("no file"); // a pipe would hold us up
    }
    return new State(
        attributes.lastModifiedTime(),
        attributes.size(),
        Objects.requireNonNullElse(attributes.fileKey(), ""));
  }

  @Override
  public byte[] bytes() throws IOException {
    try (var in = Files.newInputStream(path)) {
      return in.readNBytes(PolicyReader.MAX_BYTES + 1);
    }
  }
}
