package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.parley.pcp.broker.BrokerFixture.message;
import static org.parley.pcp.broker.BrokerFixture.peer;
import static org.parley.pcp.broker.BrokerFixture.query;
import static org.parley.pcp.broker.BrokerFixture.response;
import static org.parley.pcp.broker.BrokerFixture.update;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.core.CloseReason;
import org.parley.core.RecordingConnection;
import org.parley.pcp.broker.Replies.Unauthorized;
import org.parley.pcp.message.JsonText;
import org.parley.pcp.message.MessageId;
import org.parley.session.ClientSession;

class InventoryTest {
  private static final String REQUEST = "http://puppetlabs.com/inventory_request";
  private static final String EVERYONE = "pcp://*/*";
  private static final String CONTROLLER = "pcp://control/controller";

  private BrokerFixture fixture = new BrokerFixture();
  private ClientSession subscriber = fixture.connect("control", "controller");

  private void restart(int journal, int updateBytes) {
    fixture = new BrokerFixture(journal, updateBytes, Unauthorized.ERROR_MESSAGE);
    subscriber = fixture.connect("control", "controller");
  }

  private void receive(String text) {
    fixture.broker.receive(subscriber, text);
  }

  private void subscribe(String... query) {
    receive(query(true, query));
    peer(subscriber).take();
  }

  private Stream<String> batch() {
    fixture.inventory.sendUpdates();
    return peer(subscriber).take().stream();
  }

  static Stream<Arguments> queries() {
    return Stream.of(
        argumentSet(
            "R11 everyone",
            EVERYONE,
            "\"pcp://a/agent\",\"pcp://b/agent\",\"pcp://control/controller\""),
        argumentSet("a client_type", "pcp://*/agent", "\"pcp://a/agent\",\"pcp://b/agent\""),
        argumentSet("a common name", "pcp://a/*", "\"pcp://a/agent\""),
        argumentSet("one client", "pcp://b/agent", "\"pcp://b/agent\""),
        argumentSet("itself", CONTROLLER, "\"pcp://control/controller\""),
        argumentSet("R11 a partial glob is a literal", "pcp://a*/agent", ""),
        argumentSet("the broker", "pcp:///server", ""),
        argumentSet("nobody", "pcp://c/agent", ""));
  }

  @ParameterizedTest
  @MethodSource("queries")
  void givenClients_whenAsked_thenTheExactResponseAscending(String query, String expected) {
    fixture.connect("b", "agent");
    fixture.connect("a", "agent");

    receive(query(false, query));

    assertThat(peer(subscriber).sent()).containsExactly(response(subscriber, expected));
  }

  @Test
  void givenEmptyQuery_whenAsked_thenNobody() {
    receive(message(REQUEST, ",\"data\":{\"query\":[]}"));

    assertThat(peer(subscriber).sent()).containsExactly(response(subscriber, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",\"data\":null",
        ",\"data\":{}",
        ",\"data\":{\"query\":\"pcp://*/*\"}",
        ",\"data\":{\"query\":[\"pcp://*\"]}",
        ",\"data\":{\"query\":[],\"subscribe\":1}",
        ",\"data\":{\"query\":[],\"more\":1}"
      })
  void givenBadRequest_whenAsked_thenOneErrorOfOneLine(String data) {
    receive(message(REQUEST, data));

    assertThat(peer(subscriber).sent())
        .singleElement()
        .asString()
        .contains("error_message", "\"in_reply_to\":\"" + BrokerFixture.ID + "\"")
        .contains("\"data\":\"Invalid inventory_request: ")
        .doesNotContain("\\n", "Exception");
    assertThat(fixture.inventory.subscriptions()).isZero();
  }

  @Test
  void givenTooLongQuery_whenAsked_thenAnError() {
    var uris = new String[10_001];
    Arrays.fill(uris, EVERYONE);

    receive(query(true, uris));

    assertThat(peer(subscriber).sent()).singleElement().asString().contains("10000 elements");
  }

  @Test
  void givenSubscription_whenClientsComeAndGo_thenOneUpdateABatchInOrder() {
    subscribe(EVERYONE);
    var a = fixture.connect("a", "agent");
    fixture.connect("b", "agent");
    fixture.broker.disconnected(a);

    assertThat(batch())
        .containsExactly(update(subscriber, "+pcp://a/agent", "+pcp://b/agent", "-pcp://a/agent"));
    assertThat(batch()).isEmpty();
  }

  @Test
  void givenChangesAfterTheRequest_whenTheBatchIsDue_thenTheResponseCameFirst() {
    receive(query(true, EVERYONE));
    fixture.connect("a", "agent");
    fixture.inventory.sendUpdates();

    assertThat(peer(subscriber).sent())
        .containsExactly(
            response(subscriber, "\"" + CONTROLLER + "\""), update(subscriber, "+pcp://a/agent"));
  }

  @Test
  void givenSubscription_whenOthersChange_thenOnlyWhatItAskedFor() {
    subscribe("pcp://*/agent");
    fixture.connect("a", "other");

    assertThat(batch()).isEmpty();
    fixture.connect("a", "agent");
    assertThat(batch()).containsExactly(update(subscriber, "+pcp://a/agent"));
  }

  @Test
  void givenSubscription_whenAClientIsSuperseded_thenItWentAndCame() {
    fixture.connect("a", "agent");
    subscribe(EVERYONE);

    fixture.connect("a", "agent");

    assertThat(batch()).containsExactly(update(subscriber, "-pcp://a/agent", "+pcp://a/agent"));
  }

  @Test
  void givenR12SecondSubscription_whenABatchIsDue_thenOnlyTheSecondCounts() {
    subscribe("pcp://*/agent");
    fixture.connect("before", "agent");

    subscribe("pcp://*/other");
    fixture.connect("after", "agent");
    fixture.connect("after", "other");

    assertThat(fixture.inventory.subscriptions()).isEqualTo(1);
    assertThat(batch()).containsExactly(update(subscriber, "+pcp://after/other"));
  }

  @Test
  void givenSubscriptionWithUnsentUpdates_whenReplaced_thenNoneOfThemFollowsTheNewResponse() {
    subscribe(EVERYONE);
    fixture.connect("a", "agent");
    peer(subscriber).room(0);
    fixture.inventory.sendUpdates();
    peer(subscriber).room(Integer.MAX_VALUE);

    subscribe(EVERYONE);

    assertThat(batch()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"query\":[\"pcp://*/*\"]}", "{\"query\":[],\"subscribe\":false}"})
  void givenSubscription_whenARequestDoesNotSubscribe_thenItEnds(String data) {
    subscribe(EVERYONE);

    receive(message(REQUEST, ",\"data\":" + data));
    peer(subscriber).take();
    fixture.connect("a", "agent");

    assertThat(batch()).isEmpty();
    assertThat(fixture.inventory.subscriptions()).isZero();
  }

  @Test
  void givenR12Reconnect_whenClientsCome_thenTheNewSessionHasNoSubscription() {
    subscribe(EVERYONE);

    subscriber = fixture.connect("control", "controller");
    fixture.connect("a", "agent");

    assertThat(batch()).isEmpty();
    assertThat(fixture.inventory.subscriptions()).isZero();
  }

  @Test
  void givenSlowSubscriber_whenThereIsRoomAgain_thenEachUpdateOnceInOrder() {
    subscribe(EVERYONE);
    peer(subscriber).room(0);
    fixture.connect("a", "agent");
    assertThat(batch()).isEmpty();
    fixture.connect("b", "agent");
    assertThat(batch()).isEmpty();

    peer(subscriber).room(Integer.MAX_VALUE);

    assertThat(batch())
        .containsExactly(
            update(subscriber, "+pcp://a/agent"), update(subscriber, "+pcp://b/agent"));
    assertThat(peer(subscriber).closedFor()).isEmpty();
  }

  @Test
  void givenSlowSubscriber_whenMoreChangesThanAreKept_thenClosedAsTooSlow() {
    restart(3, BrokerFixture.UPDATE_BYTES);
    subscribe(EVERYONE);
    peer(subscriber).room(0);
    for (int i = 0; i < 4; i++) {
      fixture.connect("c" + i, "agent");
    }

    assertThat(batch()).isEmpty();
    assertThat(peer(subscriber).closedFor()).contains(CloseReason.TOO_SLOW);
    assertThat(CloseReason.TOO_SLOW.code()).isEqualTo(1008);
  }

  @Test
  @Tag("2.12-23")
  void givenManyChanges_whenOneUpdateCannotHoldThem_thenSeveralInOrder() {
    restart(1_000, 100);
    subscribe(EVERYONE);
    fixture.connect("a", "agent");
    fixture.connect("b", "agent");
    fixture.connect("c", "agent");

    assertThat(batch())
        .containsExactly(
            update(subscriber, "+pcp://a/agent", "+pcp://b/agent"),
            update(subscriber, "+pcp://c/agent"));
  }

  @Test
  void givenRequesterWithoutRoom_whenItSubscribes_thenClosedWithoutSubscription() {
    peer(subscriber).room(0);

    receive(query(true, EVERYONE));

    assertThat(peer(subscriber).closedFor()).contains(CloseReason.TOO_SLOW);
    assertThat(fixture.inventory.subscriptions()).isZero();
  }

  @Test
  void givenSessionThatIsOverMeanwhile_whenItSubscribes_thenNoSubscriptionIsLeft() {
    fixture.registry.disassociate(subscriber);

    fixture.inventory.answer(
        subscriber,
        MessageId.random(),
        Optional.of(new JsonText("{\"query\":[],\"subscribe\":true}")));

    assertThat(fixture.inventory.subscriptions()).isZero();
  }

  @Test
  void givenTwoSubscribers_whenOneIsSlow_thenTheOtherIsServed() {
    var other = new RecordingConnection();
    var quick = fixture.connect("quick", "controller", other);
    subscribe("pcp://*/agent");
    fixture.broker.receive(quick, query(true, "pcp://*/agent"));
    other.take();
    peer(subscriber).room(0);
    fixture.connect("a", "agent");

    fixture.inventory.sendUpdates();

    assertThat(other.sent()).containsExactly(update(quick, "+pcp://a/agent"));
  }
}
