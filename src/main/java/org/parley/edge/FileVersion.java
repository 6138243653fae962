package org.parley.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * What tells one state of a file from another.
 *
 * @param key the file system's name for the file: another one after a file was moved over it
 */
public record FileVersion(long modifiedMillis, long sizeBytes, Object key) {
  /** Of no file: equal to the version of none that is there. */
  public static final FileVersion NONE = new FileVersion(0, -1, "");

  static FileVersion of(Path file) throws IOException {
    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new FileVersion(
        attributes.lastModifiedTime().toMillis(),
        attributes.size(),
        Objects.requireNonNullElse(attributes.fileKey(), ""));
  }
}
