package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.session.Protocol;

class RequestTargetTest {

  @ParameterizedTest
  @CsvSource({
    "/pcp, PCP_V1, agent",
    "/pcp/, PCP_V1, agent",
    "/pcp/agent, PCP_V1, agent",
    "/pcp/controller, PCP_V1, controller",
    "/pcp2, PCP_V2, agent",
    "/pcp2/, PCP_V2, agent",
    "/pcp2/controller, PCP_V2, controller",
    "/pcp2/a.b:c-d_E9, PCP_V2, a.b:c-d_E9",
    "/pcp2/.hidden, PCP_V2, .hidden",
    "/pcp2/%61gent, PCP_V2, agent",
    "/pcp2/%41%3a%2D, PCP_V2, A:-",
    "/pcp2/%73erver, PCP_V2, server",
    "/pcp2/SERVER, PCP_V2, SERVER"
  })
  void givenPathOfOurs_whenRead_thenItsProtocolAndClientType(
      String path, Protocol protocol, String clientType) {
    assertThat(RequestTarget.of(path))
        .isEqualTo(new RequestTarget.Pcp(protocol, clientType, "/pcp2/" + clientType));
  }

  @Test
  void givenLongestClientType_whenRead_thenTaken() {
    assertThat(RequestTarget.of("/pcp2/" + "a".repeat(128))).isInstanceOf(RequestTarget.Pcp.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/pcp2/*",
        "/pcp2/%2A",
        "/pcp2/a%2Fb",
        "/pcp2/a;x",
        "/pcp2/a%3Bx",
        "/pcp2/.",
        "/pcp2/..",
        "/pcp2/%2e%2e",
        "/pcp2/a%00",
        "/pcp2/a%0d%0a",
        "/pcp2/%ED%A0%80",
        "/pcp2/%C3%A4",
        "/pcp2/ä",
        "/pcp2/server%20",
        "/pcp2/a b",
        "/pcp2/a+b",
        "/pcp2/%2541gent",
        "/pcp2/%",
        "/pcp2/a%4",
        "/pcp2/%4g",
        "/pcp2/%-1",
        "/pcp2/%+1",
        "/pcp2/%\uFF14\uFF11",
        "/pcp2/a%5Cb",
        "/pcp/a\\b"
      })
  void givenR02ClientTypeThatCannotBeOne_whenRead_thenMalformed(String path) {
    assertThat(RequestTarget.of(path)).isEqualTo(new RequestTarget.Malformed());
  }

  @ParameterizedTest
  @ValueSource(ints = {129, 300, 100_000})
  void givenR02LongClientType_whenRead_thenMalformed(int length) {
    assertThat(RequestTarget.of("/pcp2/" + "a".repeat(length)))
        .isEqualTo(new RequestTarget.Malformed());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/status/v1/services",
        "/status/v1/services/broker-service",
        "/status/v1/simple",
        "/status/v1/simple/broker-service",
        "/metrics"
      })
  void givenStatusPage_whenRead_thenNoSession(String path) {
    assertThat(RequestTarget.of(path)).isEqualTo(new RequestTarget.Page());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/metrics/",
        "/metrics/x",
        "/Metrics",
        "/%6detrics",
        "/metrics;x",
        "/status",
        "/status/v1",
        "/status/v1/",
        "/status/v1/services/",
        "/status/v1/services/other",
        "/status/v1/services/broker-service;x",
        "/status/v1/%73imple",
        "/status/v1/../v1/simple",
        "/status/v2/simple",
        "/STATUS/v1/simple",
        "/",
        "/pcp3",
        "/pcp22",
        "/pcpx/agent",
        "/PCP2/agent",
        "/%70cp2/agent",
        "/pcp2;x/agent",
        "//pcp2/agent",
        "/pcp2//",
        "/pcp2//agent",
        "/pcp2/agent/",
        "/pcp2/a/b",
        "/pcp/../pcp2/agent",
        "pcp2/agent",
        "/index.html"
      })
  void givenAnyOtherPath_whenRead_thenUnknown(String path) {
    assertThat(RequestTarget.of(path)).isEqualTo(new RequestTarget.Unknown());
  }
}
