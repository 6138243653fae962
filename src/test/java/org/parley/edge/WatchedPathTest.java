package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.parley.policy.file.PolicyReader;

class WatchedPathTest {
  @TempDir private Path directory = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void write() throws IOException {
    file = directory.resolve("policy.yaml");
    Files.writeString(file, "a");
  }

  @Test
  void givenNoFileOrADirectory_whenLookedAt_thenAnException() throws IOException {
    Files.delete(file);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new WatchedPath(file, PolicyReader.MAX_BYTES).version());
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new WatchedPath(directory, PolicyReader.MAX_BYTES).version());
  }

  @Test
  void givenFile_whenLookedAtAgain_thenTheSameState() throws IOException {
    assertThat(new WatchedPath(file, PolicyReader.MAX_BYTES).version())
        .isEqualTo(new WatchedPath(file, PolicyReader.MAX_BYTES).version());
    assertThat(new WatchedPath(file, PolicyReader.MAX_BYTES).bytes()).containsExactly('a');
  }

  @Test
  void givenFileOfTheSameSizeAndTimeMovedThere_whenLookedAt_thenAnotherState() throws IOException {
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    var before = new WatchedPath(file, PolicyReader.MAX_BYTES).version();
    var next = directory.resolve("next");
    Files.writeString(next, "b");
    Files.setLastModifiedTime(next, FileTime.fromMillis(1_000_000));
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);

    assertThat(new WatchedPath(file, PolicyReader.MAX_BYTES).version()).isNotEqualTo(before);
  }

  @Test
  void givenLinkSwitched_whenLookedAt_thenAnotherState() throws IOException {
    var other = directory.resolve("other");
    Files.writeString(other, "b");
    var link = directory.resolve("link");
    Files.createSymbolicLink(link, file);
    var before = new WatchedPath(link, PolicyReader.MAX_BYTES).version();
    Files.delete(link);
    Files.createSymbolicLink(link, other);

    assertThat(new WatchedPath(link, PolicyReader.MAX_BYTES).version()).isNotEqualTo(before);
    assertThat(new WatchedPath(link, PolicyReader.MAX_BYTES).bytes()).containsExactly('b');
  }

  @Test
  void givenHugeFile_whenRead_thenNotMuchMoreThanTheLimit() throws IOException {
    Files.write(file, new byte[PolicyReader.MAX_BYTES * 2]);

    assertThat(new WatchedPath(file, PolicyReader.MAX_BYTES).bytes())
        .hasSize(PolicyReader.MAX_BYTES + 1);
  }
}
