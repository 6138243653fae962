package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.identity.authentication.Decoys;
import org.parley.identity.authentication.StoredPasswords;
import org.parley.identity.authentication.Users;

class UserLineTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String password, String... arguments) throws IOException {
    return UserLine.run(
        arguments,
        () -> password,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @Test
  void givenNameAndPassword_whenRun_thenALineThatTheFileTakes() throws IOException {
    assertThat(run("p\u00E4ss", "ada")).isZero();

    var users = ((Users.Parsed.Loaded) Users.parse(out.toByteArray())).users();
    var passwords = new StoredPasswords(() -> users, new Decoys(new byte[32]));
    assertThat(passwords.verify("ada", "p\u00E4ss".getBytes(StandardCharsets.UTF_8))).isTrue();
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("ada:$scram-sha-256$10000$");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a:b", "#a", "a\nb"})
  void givenBadName_whenRun_thenNoLine(String name) throws IOException {
    assertThat(run("secret", name)).isEqualTo(2);
    assertThat(out.size()).isZero();
  }

  @Test
  void givenNoPasswordOrNoName_whenRun_thenNoLine() throws IOException {
    assertThat(run("", "ada")).isEqualTo(1);
    assertThat(run("secret")).isEqualTo(2);
    assertThat(run("secret", "ada", "secret")).isEqualTo(2);
    assertThat(out.size()).isZero();
    assertThat(err.size()).isPositive();
  }
}
