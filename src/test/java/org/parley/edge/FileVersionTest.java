package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileVersionTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void givenNoFileOrADirectory_whenLookedAt_thenAnException() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> FileVersion.of(directory.resolve("none")));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> FileVersion.of(directory));
  }

  @Test
  void givenFileChangedWithinAMillisecond_whenLookedAt_thenAnotherVersion() throws IOException {
    var file = Files.writeString(directory.resolve("file"), "a");
    Files.setLastModifiedTime(file, FileTime.from(1_000_000_000, TimeUnit.MICROSECONDS));
    var before = FileVersion.of(file);
    assertThat(FileVersion.of(file)).isEqualTo(before);

    Files.setLastModifiedTime(file, FileTime.from(1_000_000_001, TimeUnit.MICROSECONDS));

    assertThat(FileVersion.of(file)).isNotEqualTo(before);
  }
}
