package org.parley.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What is unpacked to be loaded. */
@EnabledOnOs(OS.LINUX)
final class NativeLibraryTest {
  private static final Path MAPPED = Path.of("/proc/self/maps");

  @Test
  void givenLoaded_whenKilledAfterThat_thenNothingIsLeftBehind() throws Exception {
    NativeLibrary.load();

    assertThat(Files.readAllLines(MAPPED))
        .filteredOn(line -> line.contains("librocksdbjni"))
        .isNotEmpty()
        .allMatch(line -> line.endsWith(" (deleted)"));
  }
}
