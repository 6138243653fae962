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

class PolicyPathTest {
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

    assertThatExceptionOfType(IOException.class).isThrownBy(() -> new PolicyPath(file).version());
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new PolicyPath(directory).version());
  }

  @Test
  void givenFile_whenLookedAtAgain_thenTheSameState() throws IOException {
    assertThat(new PolicyPath(file).version()).isEqualTo(new PolicyPath(file).version());
    assertThat(new PolicyPath(file).bytes()).containsExactly('a');
  }

  @Test
  void givenFileOfTheSameSizeAndTimeMovedThere_whenLookedAt_thenAnotherState() throws IOException {
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    var before = new PolicyPath(file).version();
    var next = directory.resolve("next");
    Files.writeString(next, "b");
    Files.setLastModifiedTime(next, FileTime.fromMillis(1_000_000));
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);

    assertThat(new PolicyPath(file).version()).isNotEqualTo(before);
  }

  @Test
  void givenLinkSwitched_whenLookedAt_thenAnotherState() throws IOException {
    var other = directory.resolve("other");
    Files.writeString(other, "b");
    var link = directory.resolve("link");
    Files.createSymbolicLink(link, file);
    var before = new PolicyPath(link).version();
    Files.delete(link);
    Files.createSymbolicLink(link, other);

    assertThat(new PolicyPath(link).version()).isNotEqualTo(before);
    assertThat(new PolicyPath(link).bytes()).containsExactly('b');
  }

  @Test
  void givenHugeFile_whenRead_thenNotMuchMoreThanTheLimit() throws IOException {
    Files.write(file, new byte[PolicyReader.MAX_BYTES * 2]);

    assertThat(new PolicyPath(file).bytes()).hasSize(PolicyReader.MAX_BYTES + 1);
  }
}
