package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.parley.testing.Frame;
import org.parley.testing.LiveClient;
import org.parley.testing.V1;
import org.parley.testing.V2;

/** PCP version 1 on the wire, as deployed clients send it and as they must be answered. */
class PcpV1IT extends ServerUnderTest {
  private static final String NAMESPACE = "http://puppetlabs.com/";
  private static final String ASSOCIATE = NAMESPACE + "associate_request";
  private static final String BROKER = "pcp:///server";
  private static final String ID = V2.id(7);
  private static final String OWN = "pcp://v1/agent";

  private static LiveClient peer() throws IOException {
    return live("v1", "/pcp/agent");
  }

  private static void assertAlive(LiveClient peer) throws Exception {
    var message = V1.message(V2.id(1), "alive", OWN, OWN, "1");
    peer.send(message);
    assertThat(peer.awaitBinary(SOON)).isEqualTo(message);
  }

  /** What the broker itself says, without its id. */
  private static V1.Parsed own(String type, String data, String... targets) {
    return ownAbout("", type, data, targets);
  }

  private static V1.Parsed ownAbout(String reply, String type, String data, String... targets) {
    var envelope =
        Json.createObjectBuilder()
            .add("message_type", NAMESPACE + type)
            .add("targets", Json.createArrayBuilder(List.of(targets)))
            .add("sender", BROKER)
            .add("expires", V1.EPOCH);
    if (!reply.isEmpty()) {
      envelope.add("in-reply-to", reply);
    }
    return new V1.Parsed(envelope.build(), List.of("2:" + data));
  }

  private static V1.Parsed error(String description) {
    return own("error_message", "{\"id\":\"" + ID + "\",\"description\":\"" + description + "\"}");
  }

  private static V1.Parsed couldNotDecode() {
    return own("error_message", "{\"description\":\"Could not decode message\"}");
  }

  private static V1.Parsed answer(LiveClient peer) throws InterruptedException {
    return V1.parse(peer.awaitBinary(SOON)).withoutId();
  }

  @Test
  void givenR23AssociationOfAnotherType_whenSent_thenNoAndClosed() throws Exception {
    try (var peer = peer()) {
      peer.send(V1.message(ID, ASSOCIATE, "pcp://v1/controller", BROKER));

      assertThat(answer(peer))
          .isEqualTo(
              own(
                  "associate_response",
                  "{\"id\":\""
                      + ID
                      + "\",\"success\":false,\"reason\":\"Session already associated.\"}",
                  OWN));
      assertThat(peer.awaitEnd(SOON))
          .isEqualTo(new LiveClient.Closed(4002, "Association unsuccessful."));
    }
  }

  @ParameterizedTest(name = "R04 version 1 on {0}")
  @CsvSource({"/pcp, agent", "/pcp/, agent", "/pcp/agent, agent", "/pcp/?x=/y, agent", "/pcp/x, x"})
  void givenPath_whenVersion1IsSpoken_thenTheSessionHasItsType(String path, String type)
      throws Exception {
    try (var peer = live("v1-path", path)) {
      var uri = "pcp://v1-path/" + type;
      var message = V1.message(ID, "hello", uri, uri, "{}");
      peer.send(message);

      assertThat(peer.awaitBinary(SOON)).isEqualTo(message);
    }
  }

  @Test
  void givenVersion1ToVersion1_whenSent_thenEveryByteArrives() throws Exception {
    var bytes = new byte[300_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    try (var from = live("v1-from", "/pcp");
        var to = live("v1-to", "/pcp/")) {
      var envelope = V1.envelope(ID, "hello", "pcp://v1-from/agent", V1.NEVER, "pcp://v1-to/agent");
      var message = V1.frame(V1.envelope(envelope), V1.chunk(2, bytes));
      int middle = message.length / 2;
      from.send(
          Frame.binary(Arrays.copyOf(message, middle)).unfinished(),
          Frame.ping(),
          Frame.of(Frame.CONTINUATION, Arrays.copyOfRange(message, middle, message.length)));

      assertThat(to.awaitBinary(SOON)).isEqualTo(message);
    }
  }

  @Test
  void givenVersion1ToVersion2AndBack_whenSent_thenEachGetsItsVersion() throws Exception {
    try (var one = live("v1-one", "/pcp");
        var two = live("v1-two", "/pcp2")) {
      var uriOne = "pcp://v1-one/agent";
      var uriTwo = "pcp://v1-two/agent";
      one.send(V1.message(ID, "ping", uriOne, uriTwo, "{\"n\":1.0}"));
      assertThat(two.await(SOON)).isEqualTo(V2.relayed(ID, "ping", uriTwo, uriOne, "{\"n\":1.0}"));

      two.send(V2.message(ID, "pong", uriOne, "{\"n\":2.0}"));
      assertThat(one.awaitBinary(SOON))
          .isEqualTo(
              V1.frame(
                  V1.envelope(V1.envelope(ID, "pong", uriTwo, V1.EPOCH, uriOne)),
                  V1.data("{\"n\":2.0}")));

      one.send(V1.message(ID, "ping", uriOne, uriTwo, "not JSON"));
      assertThat(answer(one))
          .isEqualTo(
              error("Not delivered, the target's version of PCP cannot carry this message."));
      assertThat(two.poll()).isNull();
    }
  }

  @Test
  void givenVersion2OnBothPaths_whenOneSendsToTheOther_thenItIsText() throws Exception {
    try (var one = live("v1-text", "/pcp");
        var two = live("v1-text2", "/pcp2")) {
      one.send(V2.message(ID, "ping", "pcp://v1-text2/agent", "1"));
      two.await(SOON);

      two.send(V2.message(ID, "pong", "pcp://v1-text/agent", "2"));

      assertThat(one.await(SOON))
          .isEqualTo(V2.relayed(ID, "pong", "pcp://v1-text/agent", "pcp://v1-text2/agent", "2"));
    }
  }

  @Test
  void givenSubscription_whenAnotherComes_thenResponseAndUpdateAreVersion1() throws Exception {
    try (var admin = live("controller-v1", "/pcp/controller")) {
      var uri = "pcp://controller-v1/controller";
      var query = "{\"query\":[\"pcp://controller-v1/*\",\"pcp://v1-seen/*\"],\"subscribe\":true}";
      admin.send(V1.message(ID, V2.INVENTORY_REQUEST, uri, BROKER, query));
      assertThat(answer(admin))
          .isEqualTo(ownAbout(ID, "inventory_response", "{\"uris\":[\"" + uri + "\"]}", uri));

      try (var _ = live("v1-seen", "/pcp")) {
        assertThat(answer(admin))
            .isEqualTo(
                own(
                    "inventory_update",
                    "{\"changes\":[{\"client\":\"pcp://v1-seen/agent\",\"change\":1}]}",
                    uri));
      }
    }
  }

  @ParameterizedTest(name = "to {0}")
  @CsvSource({
    "pcp://nobody/agent, Not connected.",
    "pcp://*/agent, Multiple recipients no longer supported.",
    "pcp:///server, The broker does not support this message type."
  })
  void givenFault_whenSent_thenAnsweredInVersion1(String target, String description)
      throws Exception {
    try (var peer = peer()) {
      peer.send(V1.message(ID, "hello", OWN, target, "{}"));

      assertThat(answer(peer)).isEqualTo(error(description));
      assertAlive(peer);
    }
  }

  @Test
  void givenTextAfterVersion1_whenSent_thenRefusedAndTheSessionGoesOn() throws Exception {
    try (var peer = peer()) {
      assertAlive(peer);
      peer.send(V2.message(ID, "hello", OWN));

      assertThat(answer(peer)).isEqualTo(couldNotDecode());
      assertAlive(peer);
    }
  }

  @Test
  void givenR16BinaryThatIsNoMessage_whenSent_thenRefusedAndTheSessionGoesOn() throws Exception {
    try (var peer = peer()) {
      var whole = V1.message(ID, "hello", OWN, OWN, "{}");
      peer.send(new byte[0]);
      peer.send(new byte[] {1});
      peer.send(Arrays.copyOf(whole, whole.length - 1));

      for (int i = 0; i < 3; i++) {
        assertThat(answer(peer)).isEqualTo(couldNotDecode());
      }
      assertAlive(peer);
    }
  }

  @Test
  void givenBinaryOnVersion2_whenSent_thenRefusedAndTheSessionGoesOn() throws Exception {
    try (var peer = live("v1", "/pcp2/agent")) {
      peer.send(V1.message(ID, "hello", OWN, OWN));
      assertThat(V2.withoutId(peer.await(SOON))).isEqualTo(V2.couldNotDecode());

      peer.send(V2.message(ID, "hello", OWN, "1"));
      assertThat(peer.await(SOON)).isEqualTo(V2.relayed(ID, "hello", OWN, OWN, "1"));
    }
  }
}
