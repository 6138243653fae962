package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.edge.settings.SettingException;
import org.parley.identity.authentication.ScramKeys;
import org.parley.identity.authentication.Users;

class UsersFileTest {
  private static final String KEYS = ScramKeys.of(new byte[] {1}, new byte[16], 4096).text();

  private final FakeFile file = new FakeFile();

  private static final class FakeFile implements WatchedFile.Source {
    private int version;
    private String content = "ada:" + KEYS;
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

  private UsersFile opened() {
    return new UsersFile(Optional.of(file));
  }

  private static boolean polledTwice(UsersFile users) {
    boolean first = users.poll();
    return users.poll() || first;
  }

  @Test
  void givenNoFile_whenAsked_thenNobody() {
    var users = new UsersFile(Optional.empty());

    assertThat(users.get()).isSameAs(Users.NONE);
    assertThat(users.poll()).isFalse();
    assertThat(users.problem()).isEmpty();
  }

  @Test
  void givenFile_whenItChanges_thenTheOthersAreInForceAtTheSecondLook() {
    var users = opened();
    assertThat(users.get().has("ada")).isTrue();
    assertThat(users.poll()).isFalse();

    file.write("bob:" + KEYS);
    assertThat(users.poll()).isFalse();
    assertThat(users.get().has("ada")).isTrue();

    assertThat(users.poll()).isTrue();
    assertThat(users.get().has("ada")).isFalse();
    assertThat(users.get().has("bob")).isTrue();
    assertThat(users.problem()).isEmpty();
  }

  @Test
  void givenBadFileLater_whenPolled_thenTheFormerUsersStayAndItIsTold() {
    var users = opened();
    file.write("ada:" + KEYS + "\nbob:secret");

    assertThat(polledTwice(users)).isFalse();
    assertThat(users.get().has("ada")).isTrue();
    assertThat(users.problem().orElseThrow()).startsWith("line 2: bad hash").doesNotContain("bob");

    file.write("ada:" + KEYS);
    assertThat(polledTwice(users)).as("the former again").isFalse();
    assertThat(users.problem()).isEmpty();
  }

  /** A file without users is no open door. */
  @Test
  @Tag("CVE-2018-12551")
  void givenEmptyFileLater_whenPolled_thenTheFormerUsersStay() {
    var users = opened();
    file.write("");

    assertThat(polledTwice(users)).isFalse();
    assertThat(users.get().size()).isEqualTo(1);
    assertThat(users.problem()).isPresent();
  }

  @Test
  void givenFileThatIsGone_whenPolled_thenTheFormerUsersStayUntilItIsBack() {
    var users = opened();
    file.there = false;

    assertThat(polledTwice(users)).isFalse();
    assertThat(users.get().has("ada")).isTrue();
    assertThat(users.problem()).contains("the file cannot be read");

    file.there = true;
    assertThat(polledTwice(users)).isFalse();
    assertThat(users.problem()).isEmpty();
  }

  @Test
  @Tag("edge-180")
  @Tag("CVE-2018-12551")
  void givenFileThatCannotBeUsed_whenOpened_thenTheStartEndsWithOneLine() {
    file.write("ada");
    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(this::opened)
        .withMessage(
            "parley.users (PARLEY_USERS) cannot be used: line 1: no colon; write name:hash.");

    file.there = false;
    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(this::opened)
        .withMessageEndingWith("the file cannot be read.");
  }
}
