package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.pcp.broker.BrokerFixture.ID;
import static org.parley.pcp.broker.BrokerFixture.peer;
import static org.parley.pcp.broker.BrokerFixture.to;
import static org.parley.pcp.broker.V1Frames.couldNotDecode;
import static org.parley.pcp.broker.V1Frames.error;
import static org.parley.pcp.broker.V1Frames.frame;
import static org.parley.pcp.broker.V1Frames.inventoryResponse;
import static org.parley.pcp.broker.V1Frames.inventoryUpdate;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.core.RecordingConnection;
import org.parley.session.ClientSession;
import org.parley.session.Protocol;
import org.parley.testing.V1;

/** Which version a session speaks, and the inventory in version 1 (sections 1.2 and 1.7). */
class Version1SessionTest {
  private static final String INVENTORY = "http://puppetlabs.com/inventory_request";
  private static final String ADMIN = "pcp://admin/controller";

  private final BrokerFixture fixture = new BrokerFixture();
  private final ClientSession session = connect("admin", Protocol.PCP_V1);

  private ClientSession connect(String commonName, Protocol protocol) {
    return fixture.connect(commonName, "controller", protocol, new RecordingConnection());
  }

  private void receive(byte[] frame) {
    fixture.broker.receive(session, ByteBuffer.wrap(frame));
  }

  private void receive(String text) {
    fixture.broker.receive(session, text);
  }

  private static byte[] toItself() {
    return V1.message(ID, "t", ADMIN, ADMIN);
  }

  private static String textToItself(String sender) {
    return BrokerFixture.message("t", to(ADMIN) + sender);
  }

  private static byte[] query(String data) {
    return V1.message(ID, INVENTORY, ADMIN, "pcp:///server", data);
  }

  @Test
  void givenFirstMessageThatIsVersion2_whenReceived_thenTheSessionSpeaksVersion2ForGood() {
    receive(textToItself(""));
    receive(toItself());
    receive("no message");
    receive(textToItself(""));

    var relayed = textToItself(BrokerFixture.sentBy(ADMIN));
    assertThat(peer(session).sent())
        .containsExactly(
            relayed, BrokerFixture.couldNotDecode(), BrokerFixture.couldNotDecode(), relayed);
    assertThat(session.protocol()).isEqualTo(Protocol.PCP_V2);
  }

  @Test
  void givenFirstMessageThatIsVersion1_whenTextFollows_thenRefusedInVersion1() {
    receive(toItself());
    receive(textToItself(""));
    receive(toItself());

    assertThat(peer(session).sent())
        .containsExactly(V1.latin(toItself()), couldNotDecode(), V1.latin(toItself()));
    assertThat(peer(session).closedFor()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "not JSON", "{\"id\":1}", "\u0001"})
  void givenFirstMessageThatIsTextAndNoMessage_whenVersion2Follows_thenItIsTooLate(String text) {
    receive(text);
    receive(textToItself(""));
    receive(toItself());

    assertThat(peer(session).sent())
        .containsExactly(couldNotDecode(), couldNotDecode(), V1.latin(toItself()));
    assertThat(session.protocol()).isEqualTo(Protocol.PCP_V1);
  }

  @Test
  void givenFirstMessageThatIsBinaryAndNoMessage_whenVersion2Follows_thenItIsTooLate() {
    receive(new byte[0]);
    receive(textToItself(""));

    assertThat(peer(session).sent()).containsExactly(couldNotDecode(), couldNotDecode());
  }

  @Test
  void givenFirstMessageOfVersion2ThatIsDenied_whenReceived_thenAnsweredInVersion2() {
    receive(BrokerFixture.message("a b", ""));

    assertThat(peer(session).sent())
        .containsExactly(BrokerFixture.error("Message not authorized."));
  }

  @Test
  void givenBinaryOnAPathOfVersion2_whenReceived_thenRefusedInVersion2() {
    var other = connect("other", Protocol.PCP_V2);

    fixture.broker.receive(other, ByteBuffer.wrap(toItself()));

    assertThat(peer(other).sent()).containsExactly(BrokerFixture.couldNotDecode());
    assertThat(peer(session).sent()).isEmpty();
    assertThat(other.protocol()).isEqualTo(Protocol.PCP_V2);
  }

  @Test
  void givenSessionThatHasSaidNothing_whenAMessageComesForIt_thenItIsVersion1() {
    var other = connect("other", Protocol.PCP_V2);

    fixture.broker.receive(other, textToItself(""));

    var envelope = V1.envelope(ID, "t", "pcp://other/controller", V1.EPOCH, ADMIN);
    assertThat(peer(session).sent()).containsExactly(V1.latin(frame(envelope, "")));
    assertThat(session.provisional()).isTrue();
  }

  @Test
  void givenSupersededSession_whenABinaryMessageComesLate_thenDropped() {
    var newer = connect("admin", Protocol.PCP_V1);

    receive(toItself());

    assertThat(peer(newer).sent()).isEmpty();
    assertThat(peer(session).sent()).isEmpty();
    assertThat(fixture.counters.lateFrames()).isEqualTo(1);
  }

  @Test
  void givenInventoryRequest_whenReceived_thenItsResponseNamesIt() {
    connect("other", Protocol.PCP_V2);

    receive(query("{\"query\":[\"pcp://*/*\"]}"));

    assertThat(peer(session).sent())
        .containsExactly(
            inventoryResponse(session, "\"pcp://admin/controller\",\"pcp://other/controller\""));
    assertThat(fixture.outcomes).containsExactly(Outcome.HANDLED);
  }

  @Test
  void givenSubscription_whenClientsOfBothVersionsComeAndGo_thenUpdatesInVersion1() {
    receive(query("{\"query\":[\"pcp://*/*\"],\"subscribe\":true}"));
    peer(session).take();

    connect("a", Protocol.PCP_V2);
    connect("a", Protocol.PCP_V1);
    fixture.inventory.sendUpdates();

    var came = "{\"client\":\"pcp://a/controller\",\"change\":1}";
    var went = "{\"client\":\"pcp://a/controller\",\"change\":-1}";
    assertThat(peer(session).sent())
        .containsExactly(inventoryUpdate(session, came + "," + went + "," + came));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "``, data is missing",
        "`not JSON`, data is missing",
        "`null`, data is not an object at 4",
        "`{}`, query is missing at 2"
      })
  void givenInventoryRequestWithBadData_whenReceived_thenOneErrorInVersion1(
      String data, String reason) {
    receive(query(data));

    assertThat(peer(session).sent()).containsExactly(error("Invalid inventory_request: " + reason));
    assertThat(fixture.outcomes).containsExactly(Outcome.INVALID_REQUEST);
  }

  @Test
  void givenInventoryRequestWithoutDataChunk_whenReceived_thenOneErrorInVersion1() {
    receive(V1.message(ID, INVENTORY, ADMIN, "pcp:///server"));

    assertThat(peer(session).sent())
        .containsExactly(error("Invalid inventory_request: data is missing"));
  }
}
