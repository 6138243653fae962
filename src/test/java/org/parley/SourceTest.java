package org.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only the sources show. */
class SourceTest {
  private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "src");
  private static final int MOST_CORE_TYPES = 15;

  private static List<Path> sources(String tree) throws IOException {
    try (var files = Files.walk(ROOT.resolve(tree).resolve("java"))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  @ParameterizedTest
  @CsvSource({"main, 400", "test, 500"})
  void givenSources_whenCounted_thenNoneIsTooLong(String tree, int mostLines) throws IOException {
    for (var file : sources(tree)) {
      assertThat(Files.readAllLines(file)).as("%s", file).hasSizeLessThanOrEqualTo(mostLines);
    }
  }

  @Test
  void givenPackages_whenListed_thenEachIsNullMarked() throws IOException {
    var packages =
        Stream.concat(sources("main").stream(), sources("test").stream())
            .collect(
                Collectors.groupingBy(
                    file -> file.toString().replaceAll(".*/src/\\w+/java/|/[^/]+$", "")));

    assertThat(packages).hasSizeGreaterThan(8);
    for (var files : packages.entrySet()) {
      var marks =
          files.getValue().stream().filter(file -> file.endsWith("package-info.java")).toList();
      assertThat(marks).as("package-info of %s", files.getKey()).hasSize(1);
      assertThat(marks.getFirst()).content().contains("@NullMarked\n");
    }
  }

  @Test
  void givenCore_whenCounted_thenAtMost15Types() throws IOException {
    assertThat(sources("main"))
        .filteredOn(file -> file.toString().contains("/org/parley/core/"))
        .filteredOn(file -> !file.endsWith("package-info.java"))
        .hasSizeBetween(1, MOST_CORE_TYPES);
  }

  @Test
  void givenValuesAndCodecs_whenRead_thenNothingIsSynchronized() throws IOException {
    assertThat(sources("main"))
        .filteredOn(file -> file.toString().matches(".*/(message|codec|packet)/\\w+\\.java"))
        .isNotEmpty()
        .allSatisfy(file -> assertThat(file).content().doesNotContain("synchronized"));
  }
}
