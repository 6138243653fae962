package org.parley.edge.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsReferenceTest {
  private static final Path REFERENCE =
      Path.of(System.getProperty("basedir", "."), "docs", "settings.md");

  private static String row(Setting<?> setting) {
    var shown = setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`";
    return "| `%s` | `%s` | %s | %s |"
        .formatted(
            setting.key(), setting.environmentName(), shown, setting.meaning().replace("|", "\\|"))
        .replace("|  |", "| |");
  }

  @Test
  void givenReference_whenRead_thenEverySettingWithItsDefaultInOrder() throws IOException {
    var rows =
        Files.readAllLines(REFERENCE).stream().filter(line -> line.startsWith("| `")).toList();

    assertThat(rows).isEqualTo(Settings.all().stream().map(SettingsReferenceTest::row).toList());
  }

  @Test
  void givenSettings_whenListed_thenNoKeyTwice() {
    assertThat(Settings.all()).extracting(Setting::key).doesNotHaveDuplicates();
    assertThat(Settings.all())
        .extracting(Setting::environmentName)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("PARLEY_[A-Z0-9_]+"));
  }
}
