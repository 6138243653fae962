package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.Frame;
import org.parley.testing.LiveClient;
import org.parley.testing.V2;

/** PCP version 2: what is delivered, to whom, and how everything else is answered. */
class PcpMessagesIT extends ServerUnderTest {
  private static final String OWN = "pcp://messages/peer";
  private static final String ID = V2.id(7);
  private static final String NOT_AUTHENTICATED = "Message not authenticated.";
  private static final String NOT_AUTHORIZED = "Message not authorized.";
  private static final String MULTIPLE = "Multiple recipients no longer supported.";
  private static final String NOT_CONNECTED = "Not connected.";
  private static final String UNKNOWN_TYPE = "The broker does not support this message type.";

  private static LiveClient peer() throws Exception {
    return live("messages", "/pcp2/peer");
  }

  private static void assertAlive(LiveClient peer) throws Exception {
    peer.send(V2.message(V2.id(1), "alive", OWN, "1"));
    assertThat(peer.await(SOON)).isEqualTo(V2.relayed(V2.id(1), "alive", OWN, OWN, "1"));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        refused("R05 sender of another client", NOT_AUTHENTICATED, from("pcp://other/peer")),
        refused("R05 sender differs in case", NOT_AUTHENTICATED, from("pcp://Messages/peer")),
        refused("R06 sender of another type", NOT_AUTHENTICATED, from("pcp://messages/agent")),
        refused("R06 sender is the broker", NOT_AUTHENTICATED, from("pcp:///server")),
        refused("R08 target of any name", MULTIPLE, to("pcp://*/agent")),
        refused("R08 target of any type", MULTIPLE, to("pcp://messages/*")),
        refused("R08 target anyone", MULTIPLE, to("pcp://*/*")),
        refused("R08 half a wildcard is a name", NOT_CONNECTED, to("pcp://mess*/peer")),
        refused("R09 target not connected", NOT_CONNECTED, to("pcp://nobody/agent")),
        refused("R09 target in another case", NOT_CONNECTED, to("pcp://messages/PEER")),
        refused("R09 target another server", NOT_CONNECTED, to("pcp://other.test/server")),
        refused("R10 inventory", NOT_AUTHORIZED, inventory("pcp:///server")),
        refused("R10 inventory by name", NOT_AUTHORIZED, inventory("pcp://broker.test/server")),
        refused("R13 type with CR LF", NOT_AUTHORIZED, type("a\\r\\nb")),
        refused("R13 type with a quote", NOT_AUTHORIZED, type("a\\\"b")),
        refused("R13 type with a space", NOT_AUTHORIZED, type("a b")),
        refused("R13 type with a letter beyond ASCII", NOT_AUTHORIZED, type("é")),
        refused("R13 target with a space", NOT_AUTHORIZED, to("pcp://a b/agent")),
        refused("R13 target with CR LF", NOT_AUTHORIZED, to("pcp://a\\r\\nb/agent")),
        refused("R21 unknown type to the broker", UNKNOWN_TYPE, to("pcp:///server")),
        refused("R21 without a target", UNKNOWN_TYPE, object("\"message_type\":\"hello\"")),
        refused("R21 by the broker's name", UNKNOWN_TYPE, to("pcp://broker.test/server")),
        refused(
            "R05 comes before all else",
            NOT_AUTHENTICATED,
            object("\"message_type\":\"a b\",\"target\":\"pcp://*/*\",\"sender\":\"pcp://x/y\"")));
  }

  private static Arguments refused(String row, String answer, String message) {
    return arguments(row, answer, named(row, message));
  }

  private static String object(String members) {
    return "{\"id\":\"" + ID + "\"," + members + "}";
  }

  private static String from(String sender) {
    return object(
        "\"message_type\":\"hello\",\"target\":\"" + OWN + "\",\"sender\":\"" + sender + "\"");
  }

  private static String to(String target) {
    return V2.message(ID, "hello", target, "{}");
  }

  private static String type(String type) {
    return V2.message(ID, type, OWN, "{}");
  }

  private static String inventory(String target) {
    return V2.message(ID, V2.INVENTORY_REQUEST, target, "{\"query\":[\"pcp://*/*\"]}");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refused")
  void givenMessageThatMustNotPass_whenSent_thenOneErrorSaysWhy(
      String row, String answer, String message) throws Exception {
    try (var peer = peer()) {
      peer.send(message);

      assertThat(V2.withoutId(peer.await(SOON))).as(row).isEqualTo(V2.error(answer, ID));
      assertAlive(peer);
    }
  }

  static Stream<Arguments> undecodable() {
    var plain = "\"message_type\":\"hello\",\"target\":\"" + OWN + "\"";
    return Stream.of(
        undecodable("R14 empty text", ""),
        undecodable("R14 white space", " \n"),
        undecodable("R14 null", "null"),
        undecodable("R14 an array", "[" + object(plain) + "]"),
        undecodable("R14 trailing bytes", object(plain) + "x"),
        undecodable("R14 a second object", object(plain) + object(plain)),
        undecodable("R14 cut", object(plain).substring(0, 60)),
        undecodable("R14 duplicate key", object(plain + "," + plain)),
        undecodable("R14 duplicate key in data", object(plain + ",\"data\":{\"a\":1,\"a\":2}")),
        undecodable("R14 duplicate key by escape", object(plain + ",\"t\\u0061rget\":\"x\"")),
        undecodable("R14 unknown key", object(plain + ",\"trace\":\"x\"")),
        undecodable("R14 key of version 1", object(plain + ",\"in-reply-to\":\"" + ID + "\"")),
        undecodable("R14 depth 10,000", object(plain + ",\"data\":" + nested(10_000))),
        undecodable("R14 depth 10,000 of keys", "{\"a\":".repeat(10_000)),
        undecodable("R14 number 1e400", object(plain + ",\"data\":1e400")),
        undecodable("R14 number NaN", object(plain + ",\"data\":NaN")),
        undecodable("R14 lone surrogate", object(plain + ",\"data\":\"\\ud800\"")),
        undecodable("R14 lone surrogate in a key", object(plain + ",\"data\":{\"\\udc00\":1}")),
        undecodable("R14 byte order mark", "\uFEFF" + object(plain)),
        undecodable("R14 UTF-16", nullBytesBetween(object(plain))),
        undecodable("R14 comment", object(plain + "/**/")),
        undecodable("R15 id missing", "{" + plain + "}"),
        undecodable("R15 id a number", "{\"id\":7," + plain + "}"),
        undecodable("R15 id null", "{\"id\":null," + plain + "}"),
        undecodable("R15 id short", "{\"id\":\"1-1-1-1-1\"," + plain + "}"),
        undecodable("R15 id empty", "{\"id\":\"\"," + plain + "}"),
        undecodable("R15 id large", "{\"id\":\"" + "a".repeat(900_000) + "\"," + plain + "}"),
        undecodable("R13 type missing", object("\"target\":\"" + OWN + "\"")),
        undecodable("R13 type a number", object("\"message_type\":1")),
        undecodable("R13 type large", type("a".repeat(900_000))),
        undecodable("R08 target an array", object("\"message_type\":\"a\",\"target\":[]")),
        undecodable("R08 target null", object("\"message_type\":\"a\",\"target\":null")),
        undecodable("R08 target no URI", to("messages/peer")),
        undecodable("R08 target of three parts", to("pcp://messages/peer/x")),
        undecodable("R08 target without a type", to("pcp://messages/")),
        undecodable("R08 target without a name", to("pcp:///agent")),
        undecodable("R05 sender null", object(plain + ",\"sender\":null")),
        undecodable("R05 in_reply_to no UUID", object(plain + ",\"in_reply_to\":\"7\"")));
  }

  private static Arguments undecodable(String row, String text) {
    return arguments(row, named(text.length() + " characters", text));
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  private static String nullBytesBetween(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("undecodable")
  void givenTextThatIsNoMessage_whenSent_thenItCouldNotBeDecodedAndTheSessionLives(
      String row, String text) throws Exception {
    try (var peer = peer()) {
      peer.send(text);

      assertThat(V2.withoutId(peer.await(SOON))).as(row).isEqualTo(V2.couldNotDecode());
      assertAlive(peer);
    }
  }

  @ParameterizedTest(name = "R20 data {0}")
  @ValueSource(
      strings = {
        "null",
        "false",
        "\"\"",
        "[]",
        "{}",
        "1.0",
        "-0.0",
        "1e2",
        "0.1000000000000000055511151231257827021181583404541015625",
        "123456789012345678901234567890123456789012345678901234567890",
        "{\"b\":1.0,\"a\":[1, 2,\t3]}",
        "\"\\u00e9 é € 😀 \\ud83d\\ude00 \\u0000 \\/\""
      })
  void givenData_whenRelayed_thenItIsTheSameText(String data) throws Exception {
    try (var peer = peer()) {
      peer.send(V2.message(ID, "hello", OWN, data));

      assertThat(peer.await(SOON)).isEqualTo(V2.relayed(ID, "hello", OWN, OWN, data));
    }
  }

  @Test
  void givenR07NoSenderAndNoData_whenRelayed_thenSenderIsFilledInAndNothingElse() throws Exception {
    try (var sender = live("messages-sender", "/pcp2/");
        var peer = peer()) {
      sender.send(
          "{\"in_reply_to\":\"%s\",\"target\":\"%s\",\"message_type\":\"\",\"id\":\"%s\"}"
              .formatted(V2.id(9), OWN, ID));

      assertThat(V2.parse(peer.await(SOON)))
          .isEqualTo(
              Json.createObjectBuilder()
                  .add("id", ID)
                  .add("message_type", "")
                  .add("target", OWN)
                  .add("sender", "pcp://messages-sender/agent")
                  .add("in_reply_to", V2.id(9))
                  .build());
    }
  }

  @Test
  void givenR22MessageToSelf_whenSent_thenItIsDelivered() throws Exception {
    try (var peer = peer()) {
      assertAlive(peer);
    }
  }

  @Test
  void givenR09MessageToNobody_whenTheTargetConnectsLater_thenNothingWasKeptForIt()
      throws Exception {
    try (var peer = peer()) {
      var target = "pcp://messages-later/agent";
      peer.send(V2.message(V2.id(1), "early", target));
      assertThat(V2.withoutId(peer.await(SOON))).isEqualTo(V2.error(NOT_CONNECTED, V2.id(1)));

      try (var later = live("messages-later", "/pcp2")) {
        peer.send(V2.message(V2.id(2), "late", target));

        assertThat(V2.parse(later.await(SOON)).getString("id")).isEqualTo(V2.id(2));
      }
    }
  }

  @Test
  void givenErrorMessageToTheBroker_whenSent_thenItIsNotAnswered() throws Exception {
    try (var peer = peer()) {
      peer.send(V2.message(ID, V2.ERROR, "pcp:///server", "\"no\""));
      peer.send(V2.message(ID, V2.ERROR, "pcp://broker.test/server", "\"no\""));

      assertAlive(peer); // the next message that comes is this one
    }
  }

  @Test
  void givenErrorMessageToAClient_whenSent_thenItIsRelayed() throws Exception {
    try (var peer = peer()) {
      peer.send(V2.message(ID, V2.ERROR, OWN, "\"no\""));

      assertThat(peer.await(SOON)).isEqualTo(V2.relayed(ID, V2.ERROR, OWN, OWN, "\"no\""));
    }
  }

  @ParameterizedTest(name = "associate_request to {0}")
  @ValueSource(strings = {"pcp:///server", "pcp://broker.test/server"})
  void givenAssociateRequest_whenSentTwice_thenItSucceedsTwice(String target) throws Exception {
    try (var peer = peer()) {
      for (int i = 0; i < 2; i++) {
        peer.send(V2.message(ID, "http://puppetlabs.com/associate_request", target));

        assertThat(V2.withoutId(peer.await(SOON)))
            .isEqualTo(association(Json.createObjectBuilder().add("id", ID).add("success", true)));
      }
      assertAlive(peer);
    }
  }

  @Test
  void givenAssociateRequestOfAnother_whenSent_thenItIsRefusedAndTheSessionEnds() throws Exception {
    try (var peer = peer()) {
      peer.send(
          object(
              "\"message_type\":\"http://puppetlabs.com/associate_request\","
                  + "\"target\":\"pcp:///server\",\"sender\":\"pcp://other/peer\""));

      assertThat(V2.withoutId(peer.await(SOON)))
          .isEqualTo(
              association(
                  Json.createObjectBuilder()
                      .add("id", ID)
                      .add("success", false)
                      .add("reason", NOT_AUTHENTICATED)));
      assertThat(peer.awaitEnd(SOON))
          .isEqualTo(new LiveClient.Closed(4002, "Association unsuccessful."));
    }
  }

  private static JsonObject association(JsonObjectBuilder data) {
    return Json.createObjectBuilder()
        .add("message_type", "http://puppetlabs.com/associate_response")
        .add("target", OWN)
        .add("sender", "pcp:///server")
        .add("in_reply_to", ID)
        .add("data", data)
        .build();
  }

  @Test
  void givenTwoSenders_whenEachSendsFiveHundredAtOnce_thenEachPairKeepsItsOrder() throws Exception {
    try (var one = live("messages-one", "/pcp2/");
        var two = live("messages-two", "/pcp2/");
        var peer = peer()) {
      var frames = new Frame[500];
      for (int i = 0; i < frames.length; i++) {
        frames[i] = Frame.text(V2.message(V2.id(i), "burst", OWN));
      }
      var sending = Thread.startVirtualThread(() -> sendUnchecked(two, frames));
      one.send(frames);

      int nextOfOne = 0;
      int nextOfTwo = 0;
      while (nextOfOne < frames.length || nextOfTwo < frames.length) {
        var message = V2.parse(peer.await(SOON));
        boolean ofOne = message.getString("sender").equals("pcp://messages-one/agent");
        assertThat(message.getString("id")).isEqualTo(V2.id(ofOne ? nextOfOne++ : nextOfTwo++));
      }
      sending.join();
      assertThat(one.poll()).isNull();
      assertThat(two.poll()).isNull();
    }
  }

  private static void sendUnchecked(LiveClient client, Frame... frames) {
    try {
      client.send(frames);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest(name = "R04 version 2 on {0}")
  @ValueSource(
      strings = {"/pcp", "/pcp/", "/pcp/agent", "/pcp2", "/pcp2/", "/pcp2/agent", "/pcp2/?x=/y"})
  void givenPath_whenVersion2IsSpoken_thenTheSessionIsAnAgent(String path) throws Exception {
    try (var peer = live("messages-path", path)) {
      var uri = "pcp://messages-path/agent";
      peer.send(V2.message(ID, "hello", uri, "{}"));

      assertThat(peer.await(SOON)).isEqualTo(V2.relayed(ID, "hello", uri, uri, "{}"));
    }
  }
}
