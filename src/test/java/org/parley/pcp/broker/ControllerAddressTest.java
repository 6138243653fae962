package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.session.ClientUri;

class ControllerAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "wss://",
        "ws://host:8143/server",
        "https://host:8143/server",
        "WSS://host:8143",
        "wss://host:0/",
        "wss://host:65536",
        "wss://host:123456",
        "wss://host:",
        "wss://user@host:8143",
        "wss://[::1]:8143/server",
        "wss://host:8143/a?b",
        "wss://host:8143/a#b",
        "wss://host:8143//a",
        "wss://host:8143/a%2Fb",
        "wss://ho*st:8143",
        "wss://host:8143/server\n",
        "wss://-host",
        "host:8143"
      })
  void givenAnythingElse_whenParsed_thenNone(String text) {
    assertThat(ControllerAddress.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "wss://localhost:8143/server, pcp://localhost:8143/server, wss://localhost:8143/server/server",
    "wss://localhost:8143/server/, pcp://localhost:8143/server, wss://localhost:8143/server/server",
    "wss://localhost:8143, pcp://localhost:8143/server, wss://localhost:8143/server",
    "wss://Orch.Example.com/, pcp://Orch.Example.com/server, wss://Orch.Example.com/server",
    "wss://192.0.2.7:65535/a/b-c, pcp://192.0.2.7:65535/server, wss://192.0.2.7:65535/a/b-c/server"
  })
  void givenAddress_whenParsed_thenUriHasItsAuthorityAndTypeIsAppended(
      String text, String uri, String dialled) {
    var address = ControllerAddress.parse(text).orElseThrow();

    assertThat(address).hasToString(uri);
    assertThat(address.dialled()).isEqualTo(dialled);
  }

  @Test
  void givenAddress_whenNamedInMessages_thenAsServer() {
    assertThat(new ControllerAddress("orch:1", "/x").uri())
        .isEqualTo(new ClientUri("orch:1", "server"));
  }
}
