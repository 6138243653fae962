package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.edge.settings.SettingException;
import org.parley.policy.Bans;

class BansFileTest {
  private final FakeFile file = new FakeFile();
  private final Bans bans = new Bans(() -> Instant.EPOCH);

  private static final class FakeFile implements WatchedFile.Source {
    private int version;
    private String content = "identity ada";
    private boolean there = true;

    void write(String text) {
      version++;
      content = text;
    }

    @Override
    public Object version() throws IOException {
      if (!there) {
        throw new IOException("gone");
      }
      return version;
    }

    @Override
    public byte[] bytes() {
      return content.getBytes(StandardCharsets.UTF_8);
    }
  }

  private BansFile opened() {
    return new BansFile(Optional.of(file), bans);
  }

  private static boolean polledTwice(BansFile list) {
    boolean first = list.poll();
    return list.poll() || first;
  }

  private boolean banned(String name) {
    return bans.ofIdentity(name).isPresent();
  }

  @Test
  void givenNoFile_whenAsked_thenNobodyIsBanned() {
    var list = new BansFile(Optional.empty(), bans);

    assertThat(list.poll()).isFalse();
    assertThat(list.size()).isZero();
    assertThat(list.problem()).isEmpty();
    assertThat(banned("ada")).isFalse();
  }

  @Test
  void givenFile_whenItChanges_thenTheOthersAreBannedAtTheSecondLook() {
    var list = opened();
    assertThat(banned("ada")).isTrue();
    assertThat(list.poll()).isFalse();

    file.write("# ada is back\nidentity bob\nidentity eve");
    assertThat(list.poll()).isFalse();
    assertThat(banned("ada")).isTrue();

    assertThat(list.poll()).isTrue();
    assertThat(banned("ada")).isFalse();
    assertThat(banned("bob")).isTrue();
    assertThat(list.size()).isEqualTo(2);
    assertThat(list.problem()).isEmpty();
  }

  @Test
  void givenBadFileLater_whenPolled_thenTheFormerBansStayAndItIsTold() {
    var list = opened();
    file.write("identity ada\nidentity bob until then");

    assertThat(polledTwice(list)).isFalse();
    assertThat(banned("ada")).isTrue();
    assertThat(banned("bob")).isFalse();
    assertThat(list.problem().orElseThrow()).startsWith("line 2: bad end").doesNotContain("bob");

    file.write("identity ada");
    assertThat(polledTwice(list)).as("the former again").isFalse();
    assertThat(list.problem()).isEmpty();
  }

  /** A file that was cut lets nobody in. */
  @Test
  @Tag("CVE-2018-12551")
  void givenEmptyFileLater_whenPolled_thenTheFormerBansStay() {
    var list = opened();
    file.write("");

    assertThat(polledTwice(list)).isFalse();
    assertThat(banned("ada")).isTrue();
    assertThat(list.problem()).isPresent();

    file.write("# nobody");
    assertThat(polledTwice(list)).isTrue();
    assertThat(banned("ada")).isFalse();
  }

  @Test
  void givenFileThatIsGone_whenPolled_thenTheFormerBansStayUntilItIsBack() {
    var list = opened();
    file.there = false;

    assertThat(polledTwice(list)).isFalse();
    assertThat(banned("ada")).isTrue();
    assertThat(list.problem()).contains("the file cannot be read");

    file.there = true;
    assertThat(polledTwice(list)).isFalse();
    assertThat(list.problem()).isEmpty();
  }

  @Test
  void givenFileThatCannotBeUsed_whenOpened_thenTheStartEndsWithOneLine() {
    file.write("user ada");
    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(this::opened)
        .withMessage(
            "parley.bans (PARLEY_BANS) cannot be used: line 1: unknown kind; use address, identity"
                + " or client-id.");

    file.there = false;
    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(this::opened)
        .withMessageEndingWith("the file cannot be read.");
  }
}
