package org.parley.edge.linelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are bounded in size and number, and come back after they were away. */
class RotatingFileTest {
  @TempDir Path folder;
  private Path path = Path.of("");
  private RotatingFile file = new RotatingFile(path, 10, 3);

  @BeforeEach
  void open() {
    path = folder.resolve("log");
    file = new RotatingFile(path, 10, 3);
  }

  @AfterEach
  void close() throws IOException {
    file.close();
  }

  private void write(String lines) throws IOException {
    file.write(lines.getBytes(StandardCharsets.US_ASCII));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(one -> one.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void givenNoFolder_whenWritten_thenFailsUntilItIsThere() throws IOException {
    path = folder.resolve("missing/log");
    file = new RotatingFile(path, 10, 3);
    assertThatThrownBy(() -> write("one\n")).isInstanceOf(IOException.class);

    Files.createDirectory(folder.resolve("missing"));
    write("two\n");

    assertThat(path).content().isEqualTo("two\n");
  }

  @Test
  void givenFull_whenWritten_thenTheNextBeginsAndTheOldestGoes() throws IOException {
    for (var line : List.of("1234\n", "5678\n", "abcd\n", "efgh\n", "ijkl\n", "mnop\n", "q\n")) {
      write(line);
    }

    assertThat(names()).containsExactly("log", "log.1", "log.2");
    assertThat(path).content().isEqualTo("q\n");
    assertThat(folder.resolve("log.1")).content().isEqualTo("ijkl\nmnop\n");
    assertThat(folder.resolve("log.2")).content().isEqualTo("abcd\nefgh\n");
  }

  @Test
  void givenOneFile_whenFull_thenItBeginsAnew() throws IOException {
    file = new RotatingFile(path, 10, 1);

    write("123456789\n");
    write("a\n");

    assertThat(names()).containsExactly("log");
    assertThat(path).content().isEqualTo("a\n");
  }

  @Test
  void givenWriteOverTheLimit_whenNew_thenTakenWhole() throws IOException {
    write("more than ten bytes\n");
    write("a\n");

    assertThat(folder.resolve("log.1")).content().isEqualTo("more than ten bytes\n");
    assertThat(path).content().isEqualTo("a\n");
  }

  @Test
  void givenFileOfFormerRun_whenWritten_thenAddedToAndCounted() throws IOException {
    Files.writeString(path, "12345\n");

    write("abc\n");
    write("d\n");

    assertThat(folder.resolve("log.1")).content().isEqualTo("12345\nabc\n");
    assertThat(path).content().isEqualTo("d\n");
  }

  @Test
  void givenFileMovedAway_whenWritten_thenBegunAnew() throws IOException {
    write("one\n");
    Files.move(path, folder.resolve("elsewhere"));

    write("two\n");

    assertThat(path).content().isEqualTo("two\n");
    assertThat(folder.resolve("elsewhere")).content().isEqualTo("one\n");
  }

  @Test
  void givenFileReplaced_whenWritten_thenIntoTheNewOne() throws IOException {
    write("one\n");
    Files.move(path, folder.resolve("elsewhere"));
    Files.createFile(path);

    write("two\n");

    assertThat(path).content().isEqualTo("two\n");
  }

  @Test
  void givenNewFile_whenMade_thenNotForOthers() throws IOException {
    write("one\n");

    assertThat(Files.getPosixFilePermissions(path))
        .contains(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)
        .doesNotContain(
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.GROUP_WRITE);
  }

  @Test
  void givenDevice_whenWritten_thenNeverRotated() throws IOException {
    try (var device = new RotatingFile(Path.of("/dev/null"), 1, 2)) {
      device.write(new byte[100]);
      device.write(new byte[100]);
    }

    assertThat(Path.of("/dev/null.1")).doesNotExist();
  }

  @Test
  void givenFullDevice_whenWritten_thenFails() throws IOException {
    try (var device = new RotatingFile(Path.of("/dev/full"), 1000, 2)) {
      assertThatThrownBy(() -> device.write(new byte[100])).isInstanceOf(IOException.class);
    }
  }

  @Test
  void givenRotationThatFails_whenWritten_thenFailsUntilItCan() throws IOException {
    var blocked = folder.resolve("log.1");
    Files.createDirectories(blocked.resolve("not-empty"));
    file = new RotatingFile(path, 10, 2);
    write("123456789\n");
    assertThatThrownBy(() -> write("a\n")).isInstanceOf(IOException.class);

    Files.delete(blocked.resolve("not-empty"));
    write("b\n");

    assertThat(path).content().isEqualTo("b\n");
    assertThat(blocked).content().isEqualTo("123456789\n");
  }
}
