package org.parley.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.parley.policy.Decision.Allowed;
import org.parley.policy.Decision.Denied;
import org.parley.session.TestSessions;

class BuiltInPolicyTest {
  private static final String PUPPET = "http://puppetlabs.com/";

  private final Policy policy =
      new BuiltInPolicy(List.of("boss", "orchestrator-*.example.com", "*\\E.odd"));

  private static Subject peer(String commonName, String clientType) {
    return Subject.pcp(TestSessions.principal(commonName), "pcp-v2", clientType, "192.0.2.1");
  }

  private static Decision decision(boolean allowed, String rule) {
    return allowed ? new Allowed(rule) : new Denied(rule);
  }

  @ParameterizedTest
  @CsvSource({
    "client01, agent, true, associate",
    "client01, anything.else:1_2-3, true, associate",
    "client01, server, false, server-is-reserved",
    "client01, SERVER, false, server-is-reserved",
    "client01, Server, false, server-is-reserved",
    "boss, server, false, server-is-reserved",
    "boss, servers, true, associate",
    "boss, controller, true, associate",
    "orchestrator-1.example.com, controller, true, associate",
    "orchestrator-.example.com, controller, true, associate",
    "x\\E.odd, controller, true, associate",
    "client01, controller, false, controllers-are-named",
    "Boss, controller, false, controllers-are-named",
    "bossy, controller, false, controllers-are-named",
    "theboss, controller, false, controllers-are-named",
    "orchestrator-1xexample.com, controller, false, controllers-are-named",
    "client01, Controller, true, associate"
  })
  void givenPeer_whenItAssociates_thenAsTheTableSays(
      String commonName, String clientType, boolean allowed, String rule) {
    assertThat(policy.decide(new Action.Associate(peer(commonName, clientType))))
        .isEqualTo(decision(allowed, rule));
  }

  @ParameterizedTest
  @CsvSource({"*, true", "'', false"})
  void givenAnyoneOrNoOneNamed_whenAPeerAssociatesAsController_thenSo(
      String controllers, boolean allowed) {
    var names = controllers.isEmpty() ? List.<String>of() : List.of(controllers);
    var decision =
        new BuiltInPolicy(names).decide(new Action.Associate(peer("client01", "controller")));

    assertThat(decision instanceof Allowed).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({"controller, true", "agent, false", "Controller, false", "controllers, false"})
  void givenR10ClientType_whenItQueriesTheInventory_thenOnlyAController(
      String clientType, boolean allowed) {
    assertThat(policy.decide(new Action.QueryInventory(peer("boss", clientType))))
        .isEqualTo(decision(allowed, "inventory-for-controllers"));
  }

  @ParameterizedTest
  @CsvSource({
    "controller, rpc_blocking_request, true",
    "controller, rpc_non_blocking_request, true",
    "agent, rpc_blocking_request, false",
    "agent, rpc_non_blocking_request, false",
    "agent, rpc_request, false",
    "agent, rpc_some_later_request, false",
    "agent, rpc_blocking_response, true",
    "agent, rpc_provisional_response, true",
    "agent, rpc_error_message, true",
    "agent, rpc_blocking_request2, true",
    "agent, associate_request, true",
    "agent, error_message, true"
  })
  void givenMessageType_whenSent_thenRequestsOfThePxpFamilyOnlyByControllers(
      String clientType, String type, boolean allowed) {
    var action = new Action.Send(peer("boss", clientType), "pcp://a/agent", PUPPET + type);

    assertThat(policy.decide(action))
        .isEqualTo(decision(allowed, allowed ? "send" : "requests-from-controllers"));
  }

  @ParameterizedTest
  @CsvSource({
    "a/b, true, publish",
    "/, true, publish",
    "a/$SYS, true, publish",
    "$SYS/broker/x, false, nobody-publishes-to-dollar",
    "$, false, nobody-publishes-to-dollar",
    "$share/g/a, false, nobody-publishes-to-dollar"
  })
  void givenTopic_whenPublishedTo_thenAsTheTableSays(String topic, boolean allowed, String rule) {
    for (var client : List.of(Peers.mqtt("a", "", "c"), Peers.mqtt("", "", "any"))) {
      assertThat(policy.decide(new Action.Publish(client, topic, true)))
          .isEqualTo(decision(allowed, rule));
      assertThat(policy.decide(new Action.Connect(client))).isEqualTo(new Allowed("connect"));
      assertThat(policy.refusesClientId(client)).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'#', true, subscribe",
    "+/+, true, subscribe",
    "a/#, true, subscribe",
    "$SYS, true, figures-for-all",
    "$SYS/#, true, figures-for-all",
    "$SYS/broker/+, true, figures-for-all",
    "$SYSTEM/#, false, other-dollar-topics",
    "$other, false, other-dollar-topics"
  })
  void givenFilter_whenSubscribedTo_thenAsTheTableSays(
      String filter, boolean allowed, String rule) {
    assertThat(policy.decide(new Action.Subscribe(Peers.mqtt("", "ada", "c"), filter)))
        .isEqualTo(decision(allowed, rule));
  }

  @Test
  void givenPeerByMqtt_whenItAsksAsByPcp_thenAsNobodyThere() {
    var client = Peers.mqtt("boss", "", "controller");

    assertThat(policy.decide(new Action.QueryInventory(client))).isInstanceOf(Denied.class);
    assertThat(policy.decide(new Action.Send(client, "pcp://a/b", PUPPET + "rpc_x_request")))
        .isInstanceOf(Denied.class);
  }
}
