package org.parley.identity.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

/** Users for tests, and lines as other programs have made them. */
public final class SampleUsers {
  /** By mosquitto_passwd 2.0.11; the password is "secret". */
  static final String BOB =
      "bob:$7$101$YDRtiUzx3vVD2dLz$KTLor3SLmEhbt1hSfOEhbHO0FBnyw1NrKFFW1erJOguK8WvNScv2i1TqoNbhwT"
          + "/xPv9To/RVIlQFLEdnL2d7qQ==";

  /** By mosquitto_passwd 2.0.11 with {@code -I 4000}; the password is "s". */
  static final String CAROL =
      "carol:$7$4000$n1QQ7BJS9r3gve4y$mwf5mZEgVDZnK+faLNj3oEnzRAcDALNgg3j+XN+wtfJbfl/WyNzm7ty0p5wa"
          + "TMUk7yek4DmzEQEiwqYoEC5oxg==";

  /** By mosquitto_passwd 2.0.11; the password is {@code pässword}. */
  static final String ADA =
      "ada:$7$101$OU5Tb+p+8GRcBCpU$guCrI41KwCy8FSd0Bip/mdIoO0AetRiOSy8VbmZr3hm/ASLvD4jf2rWPCnsXVGxa"
          + "t0GkWFqGNk+gZ2Bfx+VjTQ==";

  /** The example of RFC 7677 section 3: the salt is its own, the password "pencil". */
  static final String USER = "user:" + keys("pencil").text();

  private SampleUsers() {}

  private static ScramKeys keys(String password) {
    return ScramKeys.of(
        password.getBytes(StandardCharsets.UTF_8),
        java.util.Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="),
        4096);
  }

  /** The users of a good file. */
  static Users of(String... lines) {
    var parsed = Users.parse(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    assertThat(parsed).isInstanceOf(Users.Parsed.Loaded.class);
    return ((Users.Parsed.Loaded) parsed).users();
  }

  static Decoys decoys() {
    return new Decoys(new byte[32]);
  }
}
