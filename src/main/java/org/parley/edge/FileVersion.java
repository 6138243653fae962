package org.parley.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;

/**
 * What tells one state of a file from another.
 *
 * @param modified as finely as the file system has it
 * @param key the file system's name for the file: another one after a file was moved over it
 */
public record FileVersion(FileTime modified, long sizeBytes, Object key) {
  /** Of no file: equal to the version of none that is there. */
  public static final FileVersion NONE = new FileVersion(FileTime.fromMillis(0), -1, "");

  /**
   * Looks at a file, or at what a symbolic link leads to.
   *
   * @throws IOException also if it is a directory, or a pipe, which would hold its reader up
   */
  static FileVersion of(Path file) throws IOException {
    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new IOException("no file");
    }
    return new FileVersion(
        attributes.lastModifiedTime(),
        attributes.size(),
        Objects.requireNonNullElse(attributes.fileKey(), ""));
  }
}
