package org.parley.pcp.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.session.ClientUri;

/** Section 1.1. */
class PcpUriTest {
  private static final ClientUri CLIENT = new ClientUri("client01.example.com", "agent");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pcp",
        "pcp://",
        "pcp:///",
        "pcp://*",
        "pcp://client01",
        "pcp://client01/",
        "pcp:///agent",
        "pcp:///*",
        "pcp:///SERVER",
        "pcp:///server/",
        "pcp://a/b/c",
        "pcp://a//b",
        "pcp:/a/b",
        "PCP://a/b",
        "http://a/b",
        " pcp://a/b",
        "xpcp://a/b"
      })
  void givenTextThatIsNoPcpUri_whenParsed_thenEmpty(String text) {
    assertThat(PcpUri.parse(text)).isEmpty();
    assertThatThrownBy(() -> new PcpUri(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void givenUriAtTheLengthLimit_whenOneCharacterIsAdded_thenEmpty() {
    String longest = "pcp://" + "c".repeat(PcpUri.MAXIMUM_LENGTH - 8) + "/t";

    assertThat(PcpUri.parse(longest)).isPresent();
    assertThat(PcpUri.parse(longest + "t")).isEmpty();
  }

  @Test
  void givenBrokerUri_whenParsed_thenItIsTheBrokerAndNoClient() {
    var uri = PcpUri.parse("pcp:///server").orElseThrow();

    assertThat(uri).isEqualTo(PcpUri.BROKER).hasToString("pcp:///server");
    assertThat(uri.isBroker()).isTrue();
    assertThat(uri.isWildcard()).isFalse();
    assertThat(uri.commonName()).isEmpty();
    assertThat(uri.clientType()).isEqualTo("server");
    assertThat(uri.client()).isEmpty();
    assertThat(uri.matches(new ClientUri("broker", "server"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "pcp://*/*, true",
    "pcp://*/agent, true",
    "pcp://client01.example.com/*, true",
    "pcp://client*.example.com/agent, false",
    "pcp://client01.example.com/a*, false",
    "pcp://**/agent, false",
    "pcp://client01.example.com/agent, false"
  })
  void givenUri_whenAskedForWildcard_thenOnlyWholePartsCount(String text, boolean wildcard) {
    assertThat(new PcpUri(text).isWildcard()).isEqualTo(wildcard);
  }

  @ParameterizedTest
  @CsvSource({
    "pcp://client01.example.com/agent, true",
    "pcp://*/*, true",
    "pcp://*/agent, true",
    "pcp://client01.example.com/*, true",
    "pcp://client01.example.com/Agent, false",
    "pcp://Client01.example.com/agent, false",
    "pcp://client01.example.com/agen, false",
    "pcp://client01.example.com/agents, false",
    "pcp://client01.example.co/agent, false",
    "pcp://*/controller, false",
    "pcp://client02.example.com/*, false",
    "pcp://client*.example.com/agent, false",
    "pcp://client01.example.com/a*, false",
    "pcp://*/a*, false"
  })
  void givenQueryElement_whenMatchedWithClient_thenExactUnlessWildcard(
      String text, boolean matches) {
    assertThat(new PcpUri(text).matches(CLIENT)).isEqualTo(matches);
  }

  @Test
  void givenConcreteUri_whenAskedForClient_thenBothPartsAreThere() {
    assertThat(PcpUri.of(CLIENT).client()).contains(CLIENT);
    assertThat(new PcpUri("pcp://a b/t").client()).contains(new ClientUri("a b", "t"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pcp://*/*", "pcp://*/a", "pcp://a/*", "pcp://a*/b", "pcp://a/b*"})
  void givenUriWithAsterisk_whenAskedForClient_thenNone(String text) {
    assertThat(new PcpUri(text).client()).isEmpty();
  }
}
