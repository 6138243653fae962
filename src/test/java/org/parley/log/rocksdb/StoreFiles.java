package org.parley.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;

/** The files of a store, as they lie in its folder. */
final class StoreFiles {
  private StoreFiles() {}

  static void copy(Path from, Path to) throws IOException {
    try (var all = Files.walk(from)) {
      for (var path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)));
      }
    }
  }

  static Path newestLog(Path state) throws IOException {
    try (var all = Files.list(state)) {
      return all.filter(path -> path.toString().endsWith(".log"))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  static void assertFilesAreForTheirOwnerAlone(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      for (var file : all.filter(Files::isRegularFile).toList()) {
        assertThat(Files.getPosixFilePermissions(file))
            .as("%s", file)
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      }
    }
  }
}
