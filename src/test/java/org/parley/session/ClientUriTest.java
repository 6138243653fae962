package org.parley.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientUriTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "/", "*", "a*"})
  void givenPartThatIsNoName_whenMade_thenRefused(String part) {
    assertThatIllegalArgumentException().isThrownBy(() -> new ClientUri(part, "agent"));
    assertThatIllegalArgumentException().isThrownBy(() -> new ClientUri("client01", part));
  }

  @Test
  void givenUri_whenWritten_thenAsInMessages() {
    assertThat(new ClientUri("client01.example.com", "agent"))
        .hasToString("pcp://client01.example.com/agent");
  }

  @Test
  void givenNamesThatDifferInCase_whenCompared_thenDifferent() {
    assertThat(new ClientUri("client01", "agent")).isNotEqualTo(new ClientUri("Client01", "agent"));
  }

  @Test
  void givenUris_whenSorted_thenAsTheirTexts() {
    var shorter = new ClientUri("a", "z");
    var longer = new ClientUri("a-b", "a");

    assertThat(shorter.compareTo(longer))
        .isEqualTo(shorter.toString().compareTo(longer.toString()))
        .isPositive();
  }

  @Test
  void givenSession_whenWritten_thenItsUriAndConnection() {
    var session = TestSessions.agent("client01");

    assertThat(session)
        .hasToString("pcp://client01/agent on connection " + session.connection().id().value());
  }
}
