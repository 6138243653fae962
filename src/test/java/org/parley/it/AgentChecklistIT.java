package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.Frame;
import org.parley.testing.PcpTestClient;
import org.parley.testing.RawWebSocket;
import org.parley.testing.V1;
import org.parley.testing.V2;

/**
 * What an unmodified pxp-agent needs, line by line, in both versions. What the clients send stands
 * here as they write it: cpp-pcp-client (an agent), ruby-pcp-client, clj-pcp-client (an
 * orchestrator). {@link AgentWireIT} has their handshakes and pings.
 */
class AgentChecklistIT extends ServerUnderTest {
  private static final String NAMESPACE = "http://puppetlabs.com/";
  private static final String REQUEST = NAMESPACE + "rpc_blocking_request";
  private static final String RESPONSE = NAMESPACE + "rpc_blocking_response";
  private static final String WORK =
      "{\"transaction_id\":\"1\",\"module\":\"ping\",\"action\":\"ping\",\"params\":{}}";
  private static final String RESULT = "{\"transaction_id\":\"1\",\"results\":{\"stdout\":\"é\"}}";

  /** How long a pxp-agent waits for a pong. */
  private static final Duration PONG = Duration.ofSeconds(5);

  /** The most that the server under test sends to an agent; in production 32,000,000. */
  private static final int MOST = 1_000_000;

  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

  private static String in(int seconds, DateTimeFormatter format) {
    return format.format(Instant.now().plusSeconds(seconds));
  }

  /** Bytes in hexadecimal and texts, in turn. */
  private static byte[] octets(String... hexThenText) {
    var out = new ByteArrayOutputStream();
    for (int i = 0; i < hexThenText.length; i++) {
      out.writeBytes(
          i % 2 == 0
              ? HexFormat.ofDelimiter(" ").parseHex(hexThenText[i])
              : hexThenText[i].getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  /** What is said, whatever the version. */
  record Said(
      String id, String type, String sender, String target, String data, String inReplyTo) {}

  /** A peer as the client of each version sends, and what it must hear. */
  enum Version {
    V1_BINARY("/pcp/") {
      // cpp-pcp-client: no in-reply-to.
      @Override
      void say(PcpTestClient client, Said said) throws IOException {
        var envelope =
            "{\"id\":\"%s\",\"message_type\":\"%s\",\"targets\":[\"%s\"],\"expires\":\"%s\",\"sender\":\"%s\"}"
                .formatted(
                    said.id, said.type, said.target, "2999-12-31T23:59:59.123456Z", said.sender);
        client.sendBinary(V1.frame(V1.envelope(envelope), V1.data(said.data)));
      }

      @Override
      void hear(PcpTestClient client, Said said, Version from) throws IOException {
        var heard = V1.parse(client.awaitBinary(SOON));
        var expires = from == this ? "2999-12-31T23:59:59.123456Z" : V1.EPOCH;
        assertThat(heard.envelope())
            .isEqualTo(
                V2.parse(V1.envelope(said.id, said.type, said.sender, expires, said.target)));
        assertThat(heard.chunks()).containsExactly("2:" + said.data);
      }
    },
    V2_TEXT("/pcp2/") {
      // cpp-pcp-client: it names its sender.
      @Override
      void say(PcpTestClient client, Said said) throws IOException {
        var reply = said.inReplyTo.isEmpty() ? "" : ",\"in_reply_to\":\"" + said.inReplyTo + "\"";
        client.sendText(
            "{\"id\":\"%s\",\"message_type\":\"%s\",\"target\":\"%s\",\"sender\":\"%s\",\"data\":%s%s}"
                .formatted(said.id, said.type, said.target, said.sender, said.data, reply));
      }

      @Override
      void hear(PcpTestClient client, Said said, Version from) throws IOException {
        var expected =
            Json.createObjectBuilder()
                .add("id", said.id)
                .add("message_type", said.type)
                .add("target", said.target)
                .add("sender", said.sender)
                .add("data", V2.parse(said.data));
        if (from == this && !said.inReplyTo.isEmpty()) {
          expected.add("in_reply_to", said.inReplyTo);
        }
        assertThat(V2.parse(client.awaitText(SOON))).isEqualTo(expected.build());
      }
    };

    private final String mount;

    Version(String mount) {
      this.mount = mount;
    }

    abstract void say(PcpTestClient client, Said said) throws IOException;

    abstract void hear(PcpTestClient client, Said said, Version from) throws IOException;
  }

  static Stream<Arguments> pairs() {
    return Arrays.stream(Version.values())
        .flatMap(one -> Arrays.stream(Version.values()).map(two -> arguments(one, two)));
  }

  @ParameterizedTest(name = "controller {0}, agent {1}")
  @MethodSource("pairs")
  @Tag("3.4-05")
  void givenControllerAndAgent_whenARequestIsAnswered_thenEachHearsItsOwnVersionAndKeys(
      Version controllers, Version agents) throws Exception {
    var agentUri = "pcp://checklist-agent/agent";
    var controllerUri = "pcp://controller-checklist/controller";
    try (var controller = connect("controller-checklist", controllers.mount + "controller");
        var agent = Agent.connect("checklist-agent", agents.mount + "agent")) {
      settle(controllers, controller, controllerUri);
      settle(agents, agent, agentUri);
      var request = new Said(V2.id(1), REQUEST, controllerUri, agentUri, WORK, "");
      controllers.say(controller, request);
      agents.hear(agent, request, controllers);

      var response = new Said(V2.id(2), RESPONSE, agentUri, controllerUri, RESULT, V2.id(1));
      agents.say(agent, response);
      controllers.hear(controller, response, agents);
    }
  }

  /** The first message, to itself: from here on the session has begun. */
  private static void settle(Version version, PcpTestClient client, String uri) throws IOException {
    var echo = new Said(V2.id(9), "echo", uri, uri, "{}", "");
    version.say(client, echo);
    version.hear(client, echo, version);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"/pcp", "/pcp/", "/pcp/agent"})
  @Tag("3.4-04")
  void givenCppClient_whenItAssociates_thenTheAnswerHasExactlyTheKeysThatItTakes(String path)
      throws Exception {
    try (var agent = Agent.connect("checklist-cpp", path)) {
      var id = "0c2ff8b5-3f4a-4c0e-9a52-0d1f6a7b8c9d";
      var request =
          octets(
              "01 01 00 00 00 cf",
              "{\"id\":\"" + id + "\",\"message_type\":\"" + NAMESPACE + "associate_request\",",
              "",
              "\"targets\":[\"pcp:///server\"],\"expires\":\"" + in(15, MICROSECONDS) + "\",",
              "",
              "\"sender\":\"pcp://checklist-cpp/agent\"}");

      agent.sendBinary(request); // no data chunk

      assertAssociated(agent.awaitBinary(SOON), "pcp://checklist-cpp/agent", id);
    }
  }

  private static void assertAssociated(byte[] frame, String uri, String id) {
    var answer = V1.parse(frame).withoutId();
    assertThat(answer.envelope()).isEqualTo(ofBroker("associate_response", uri));
    assertThat(answer.chunks()).containsExactly("2:{\"id\":\"" + id + "\",\"success\":true}");
  }

  /** The envelope of a message of the broker's own, without its id. */
  private static JsonObject ofBroker(String type, String... targets) {
    return Json.createObjectBuilder()
        .add("message_type", NAMESPACE + type)
        .add("targets", Json.createArrayBuilder(Arrays.asList(targets)))
        .add("sender", "pcp:///server")
        .add("expires", "1970-01-01T00:00:00.000Z")
        .build();
  }

  @Test
  @Tag("3.4-04")
  void givenRubyClient_whenItAssociatesByThreeChunks_thenTheAnswerIsTheSame() throws Exception {
    try (var ruby = connect("checklist-ruby", "/pcp/ruby-pcp-client-4711")) {
      ruby.sendBinary(rubyAssociation(V2.id(1)));

      assertAssociated(
          ruby.awaitBinary(SOON), "pcp://checklist-ruby/ruby-pcp-client-4711", V2.id(1));
    }
  }

  /** Empty data, empty debug; it ends in 3 s. */
  private static byte[] rubyAssociation(String id) {
    return octets(
        "01 01 00 00 00 d8",
        "{\"id\":\"" + id + "\",\"message_type\":\"" + NAMESPACE + "associate_request\",",
        "",
        "\"sender\":\"pcp://checklist-ruby/ruby-pcp-client-4711\",\"targets\":[\"pcp:///server\"],",
        "",
        "\"expires\":\"" + in(3, SECONDS) + "\"}",
        "02 00 00 00 00 03 00 00 00 00",
        "");
  }

  @Test
  @Tag("3.4-06")
  void givenRubyMessages_whenRelayedToAgents_thenOneDataChunkAtMostAndNoDebugChunk()
      throws Exception {
    var sender = "pcp://checklist-ruby/ruby-pcp-client-4711";
    try (var ruby = connect("checklist-ruby", "/pcp/ruby-pcp-client-4711");
        var binary = Agent.connect("checklist-binary", "/pcp/");
        var text = Agent.connect("checklist-text", "/pcp2/agent")) {
      settle(Version.V1_BINARY, binary, "pcp://checklist-binary/agent");
      settle(Version.V2_TEXT, text, "pcp://checklist-text/agent");
      for (var data : new String[] {"", "{\"a\":1}"}) {
        var expires = in(3, SECONDS);
        ruby.sendBinary(ruby("pcp://checklist-binary/agent", expires, data));
        var heard = V1.parse(binary.awaitBinary(SOON));
        assertThat(heard.envelope())
            .isEqualTo(
                V2.parse(
                    V1.envelope(V2.id(1), "m", sender, expires, "pcp://checklist-binary/agent")));
        assertThat(heard.chunks()).containsExactly("2:" + data);

        ruby.sendBinary(ruby("pcp://checklist-text/agent", expires, data));
        var end = data.isEmpty() ? "}" : ",\"data\":{\"a\":1}}";
        assertThat(text.awaitText(SOON))
            .isEqualTo(
                "{\"id\":\"%s\",\"message_type\":\"m\",\"target\":\"%s\",\"sender\":\"%s\"%s"
                    .formatted(V2.id(1), "pcp://checklist-text/agent", sender, end));
      }
    }
  }

  private static byte[] ruby(String target, String expires, String data) {
    var envelope =
        ("{\"id\":\"%s\",\"message_type\":\"m\",\"targets\":[\"%s\"],\"expires\":\"%s\","
                + "\"sender\":\"pcp://checklist-ruby/ruby-pcp-client-4711\"}")
            .formatted(V2.id(1), target, expires);
    return V1.frame(V1.envelope(envelope), V1.data(data), V1.debug(""));
  }

  @Test
  @Tag("3.4-05")
  void givenOrchestrator_whenItNamesNoSender_thenTheAgentOfEachVersionHearsItsUri()
      throws Exception {
    var sender = "pcp://controller-clojure/controller";
    try (var orchestrator = connect("controller-clojure", "/pcp2/controller");
        var binary = Agent.connect("checklist-binary", "/pcp/");
        var text = Agent.connect("checklist-text", "/pcp2/agent")) {
      settle(Version.V1_BINARY, binary, "pcp://checklist-binary/agent");
      settle(Version.V2_TEXT, text, "pcp://checklist-text/agent");

      orchestrator.sendText(V2.message(V2.id(1), REQUEST, "pcp://checklist-binary/agent", WORK));
      Version.V1_BINARY.hear(
          binary,
          new Said(V2.id(1), REQUEST, sender, "pcp://checklist-binary/agent", WORK, ""),
          Version.V2_TEXT);

      orchestrator.sendText(V2.message(V2.id(2), REQUEST, "pcp://checklist-text/agent", WORK));
      Version.V2_TEXT.hear(
          text,
          new Said(V2.id(2), REQUEST, sender, "pcp://checklist-text/agent", WORK, ""),
          Version.V2_TEXT);
    }
  }

  @Test
  @Tag("3.4-06")
  void givenAgentOfVersion1_whenItIsAnsweredByAnError_thenExactlyTheKeysThatItTakes()
      throws Exception {
    try (var agent = Agent.connect("checklist-binary", "/pcp/")) {
      Version.V1_BINARY.say(
          agent,
          new Said(V2.id(1), RESPONSE, "pcp://checklist-binary/agent", "pcp://gone/x", RESULT, ""));

      var error = V1.parse(agent.awaitBinary(SOON)).withoutId();
      assertThat(error.envelope()).isEqualTo(ofBroker("error_message"));
      assertThat(error.chunks())
          .containsExactly("2:{\"id\":\"" + V2.id(1) + "\",\"description\":\"Not connected.\"}");
    }
  }

  @Test
  @Tag("3.4-07")
  void givenAgentOfVersion1BusyWithBigMessages_whenItPings_thenEachPingIsAnsweredInTime()
      throws Exception {
    var uri = "pcp://checklist-busy/agent";
    var big = V1.message(V2.id(1), RESPONSE, uri, uri, "\"" + "x".repeat(200_000) + "\"");
    try (var agent = Agent.open("checklist-busy", "/pcp/")) {
      for (int i = 0; i < 20; i++) {
        agent.send(Frame.binary(big), Frame.ping(), Frame.binary(big));
        assertThat(agent.readFrame(Frame.PONG, PONG).payload()).isEmpty();
      }
    }
  }

  @ParameterizedTest(name = "old on {0}, new on {1}")
  @MethodSource("pairs")
  @Tag("3.4-08")
  void givenAgent_whenItComesBackWithoutHavingClosed_thenTheOldSocketEndsForGood(
      Version before, Version after) throws Exception {
    var uri = "pcp://checklist-back/agent";
    try (var old = begun("checklist-back", before.mount + "agent");
        var back = Agent.connect("checklist-back", after.mount + "agent")) {
      assertThat(old.readFrame(Frame.CLOSE, SOON).closeCode()).isEqualTo(4000);
      old.awaitEnd(SOON); // though it never answers

      settle(after, back, uri);
    }
  }

  private static RawWebSocket begun(String commonName, String path) throws IOException {
    return associated(Agent.open(commonName, path));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refusals")
  @Tag("3.4-09")
  void givenAgentThatMustNotConnect_whenItTriesVersion1_thenRefusedBeforeTheUpgrade(
      String path, int status) throws Exception {
    try (var agent = Agent.open("checklist-refused", path)) {
      assertThat(agent.answer().status()).isEqualTo(status);
      assertThat(agent.answer().header("Upgrade")).isEmpty();
    }
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        arguments("/pcp/server", 403),
        arguments("/pcp/controller", 403),
        arguments("/pcp/*", 400),
        arguments("/pcp/agent/agent", 404),
        arguments("/v1/agent", 404));
  }

  @ParameterizedTest(name = "agent {0}")
  @EnumSource
  @Tag("3.4-10")
  void givenMessageAtWhatAnAgentTakes_whenOneByteMoreIsSent_thenItsSenderIsToldAndTheAgentLives(
      Version agents) throws Exception {
    var agentUri = "pcp://checklist-big/agent";
    var controllerUri = "pcp://controller-big/controller";
    try (var controller = connect("controller-big", "/pcp2/controller");
        var agent = Agent.connect("checklist-big", agents.mount)) {
      settle(agents, agent, agentUri);
      int around =
          switch (agents) {
            case V1_BINARY ->
                V1.frame(
                        V1.envelope(
                            V1.envelope(V2.id(1), REQUEST, controllerUri, V1.EPOCH, agentUri)),
                        V1.data(""))
                    .length;
            case V2_TEXT -> V2.relayed(V2.id(1), REQUEST, agentUri, controllerUri, "").length();
          };
      var tooBig = "{\"x\":\"" + "x".repeat(MOST - around - 7) + "\"}";
      assertThat(around + tooBig.length()).isEqualTo(MOST + 1);
      controller.sendText(V2.message(V2.id(1), REQUEST, agentUri, tooBig));
      assertThat(V2.withoutId(controller.awaitText(SOON)))
          .isEqualTo(
              V2.error("Not delivered, the target takes no message of this size.", V2.id(1)));

      var most = tooBig.replaceFirst("xx", "x");
      controller.sendText(V2.message(V2.id(1), REQUEST, agentUri, most));
      agents.hear(
          agent, new Said(V2.id(1), REQUEST, controllerUri, agentUri, most, ""), Version.V2_TEXT);
    }
  }
}
