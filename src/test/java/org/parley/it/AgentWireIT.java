package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.Frame;
import org.parley.testing.LiveClient;
import org.parley.testing.RawWebSocket;
import org.parley.testing.V2;
import org.parley.testing.Wire;

/** The bytes that an unmodified pxp-agent and its kin send, and what they must get. */
class AgentWireIT extends ServerUnderTest {
  /** How long a pxp-agent waits for a pong. */
  private static final Duration PONG = Duration.ofSeconds(5);

  private static final String REQUEST = "http://puppetlabs.com/rpc_blocking_request";
  private static final String RESPONSE = "http://puppetlabs.com/rpc_blocking_response";

  private static RawWebSocket agent(String commonName, String path) throws IOException {
    return Agent.open(commonName, path);
  }

  @ParameterizedTest(name = "agent on {0}")
  @ValueSource(strings = {"/pcp2/agent", "/pcp2/", "/pcp2", "/pcp/", "/pcp", "/pcp/agent"})
  @Tag("3.4-01")
  @Tag("3.4-02")
  @Tag("3.4-03")
  void givenAgentsHandshake_whenItConnects_thenTheAnswerIsPlain(String path) throws Exception {
    try (var agent = agent("agent-handshake", path)) {
      assertThat(agent.answer().status()).isEqualTo(101);
      assertThat(agent.answer().header("Sec-WebSocket-Accept"))
          .hasValue("HSmrc0sMlYUkAGmm5OPpG2HaGWk=");
      assertThat(agent.answer().header("Upgrade")).hasValue("websocket");
      assertThat(agent.answer().header("Connection"))
          .hasValueSatisfying(value -> assertThat(value).isEqualToIgnoringCase("Upgrade"));
      assertThat(agent.answer().headers())
          .doesNotContainKeys(
              "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "Set-Cookie", "Server");
      assertThat(agent.tlsSession())
          .hasValueSatisfying(
              session ->
                  assertThat(tuple(session.getProtocol(), session.getCipherSuite()))
                      .isEqualTo(tuple("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")));
    }
  }

  @Test
  void givenAgentAndController_whenARequestIsAnswered_thenBothSeeTheKeysThatTheyKnow()
      throws Exception {
    var agentUri = "pcp://agent-request/agent";
    var controllerUri = "pcp://controller-request/controller";
    try (var controller = live("controller-request", "/pcp2/controller");
        var agent = LiveClient.on(associated(agent("agent-request", "/pcp2/agent")))) {
      var work = "{\"transaction_id\":\"1\",\"module\":\"ping\",\"action\":\"ping\",\"params\":{}}";
      controller.send(V2.message(V2.id(1), REQUEST, agentUri, work));

      assertThat(agent.await(SOON))
          .isEqualTo(V2.relayed(V2.id(1), REQUEST, agentUri, controllerUri, work));

      // The agent names itself as sender, and the request in its reply.
      var results = "{\"transaction_id\":\"1\",\"results\":{\"stdout\":\"é\"}}";
      agent.send(
          ("{\"data\":%s,\"id\":\"%s\",\"in_reply_to\":\"%s\",\"message_type\":\"%s\","
                  + "\"sender\":\"%s\",\"target\":\"%s\"}")
              .formatted(results, V2.id(2), V2.id(1), RESPONSE, agentUri, controllerUri));

      assertThat(V2.parse(controller.await(SOON)))
          .isEqualTo(
              V2.parse(
                  ("{\"data\":%s,\"id\":\"%s\",\"in_reply_to\":\"%s\",\"message_type\":\"%s\","
                          + "\"sender\":\"%s\",\"target\":\"%s\"}")
                      .formatted(results, V2.id(2), V2.id(1), RESPONSE, agentUri, controllerUri)));
    }
  }

  @Test
  @Tag("3.4-07")
  void givenAgentBusyWithBigMessages_whenItPings_thenEachPingIsAnsweredInTime() throws Exception {
    var agentUri = "pcp://agent-busy/agent";
    var big = "\"" + "x".repeat(200_000) + "\"";
    var done = new AtomicBoolean();
    try (var controller = live("controller-busy", "/pcp2/controller");
        var agent = associated(agent("agent-busy", "/pcp2/agent"))) {
      var toController = V2.message(V2.id(2), RESPONSE, "pcp://controller-busy/controller", big);
      var toAgent = V2.message(V2.id(1), REQUEST, agentUri, big);
      var flood =
          Thread.startVirtualThread(
              () -> {
                while (!done.get()) {
                  try {
                    controller.send(toAgent);
                    controller.await(SOON); // one comes back for each
                  } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                }
              });

      for (int i = 0; i < 20; i++) {
        agent.send(Frame.text(toController), Frame.ping());
        assertThat(agent.readFrame(Frame.PONG, PONG).payload()).isEmpty();
      }
      done.set(true);
      agent.send(Frame.text(toController));
      assertThat(flood.join(SOON)).isTrue();
    }
  }

  @Test
  void givenPingsWithoutRest_whenMessagesComeBetween_thenAllAreAnswered() throws Exception {
    var uri = "pcp://agent-pings/agent";
    try (var agent = agent("agent-pings", "/pcp2/agent")) {
      var frames = new ArrayList<Frame>();
      for (int i = 0; i < 200; i++) {
        frames.addAll(List.of(Frame.ping(), Frame.text(V2.message(V2.id(i), "m", uri, "1"))));
      }
      agent.send(frames.toArray(Frame[]::new));

      int pongs = 0;
      int messages = 0;
      while (pongs < 200 || messages < 200) {
        var frame = agent.readFrame(SOON);
        if (frame.opcode() == Frame.PONG) {
          assertThat(frame.payload()).isEmpty();
          pongs++;
        } else if (frame.opcode() == Frame.TEXT) {
          assertThat(frame.text()).isEqualTo(V2.relayed(V2.id(messages++), "m", uri, uri, "1"));
        }
      }
    }
  }

  @Test
  void givenOneZeroByte_whenItIsPinged_thenItComesBack() throws Exception {
    try (var client = handshake(PKI.client("agent-clojure"), "/pcp2/agent")) {
      for (int i = 0; i < 3; i++) {
        client.send(Frame.ping((byte) 0));
        assertThat(client.readFrame(Frame.PONG, PONG).payload()).containsExactly(0);
      }
    }
  }

  @Test
  void givenPongsThatNobodyAskedFor_whenTheyCome_thenTheyAreTolerated() throws Exception {
    var uri = "pcp://agent-pongs/agent";
    try (var client = live("agent-pongs", "/pcp2/agent")) {
      client.send(Frame.pong(), Frame.pong((byte) 0), Frame.pong(new byte[8]));
      client.send(Frame.pong(new byte[125]), Frame.text(V2.message(V2.id(1), "m", uri, "1")));

      assertThat(client.await(SOON)).isEqualTo(V2.relayed(V2.id(1), "m", uri, uri, "1"));
    }
  }

  @Test
  @Tag("3.4-08")
  void givenAgent_whenItComesBackWithoutHavingClosed_thenTheOldConnectionEndsForGood()
      throws Exception {
    try (var old = agent("agent-back", "/pcp2/agent");
        var back = LiveClient.on(agent("agent-back", "/pcp2/agent"))) {
      assertThat(old.readFrame(Frame.CLOSE, SOON).closeCode()).isEqualTo(4000);
      old.awaitEnd(SOON); // though the agent never answers

      assertThat(back.open()).isTrue();
    }
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        arguments("R01 reserved type", "agent-refused", "/pcp2/server", 403),
        arguments("R01 reserved type in capitals", "agent-refused", "/pcp2/SERVER", 403),
        arguments("R03 controller that is none", "agent-refused", "/pcp2/controller", 403),
        arguments("R02 wildcard", "agent-refused", "/pcp2/*", 400),
        arguments("R02 two segments", "agent-refused", "/pcp2/a/b", 404),
        arguments("R02 slash behind the type", "agent-refused", "/pcp2/agent/", 404),
        arguments("unknown path", "agent-refused", "/v2/agent", 404));
  }

  @ParameterizedTest(name = "{0}: {3}")
  @MethodSource("refusals")
  @Tag("2.12-22")
  @Tag("3.4-09")
  void givenClientThatMustNotConnect_whenItTries_thenItIsRefusedBeforeTheUpgrade(
      String row, String commonName, String path, int status) throws Exception {
    try (var agent = agent(commonName, path)) {
      assertThat(agent.answer().status()).as(row).isEqualTo(status);
      assertThat(agent.answer().header("Upgrade")).isEmpty();
    }
  }

  @Test
  @Tag("2.12-22")
  void givenNoCertificate_whenAnAgentTries_thenItIsRefusedBeforeTheUpgrade() throws Exception {
    var wire = Wire.tls(HTTPS_PORT, PKI.anonymousContext()).versions("TLSv1.2");
    try (var agent = RawWebSocket.open(wire, Agent.handshake("/pcp2/agent"))) {
      assertThat(agent.answer().status()).isEqualTo(401);
    }
  }
}
