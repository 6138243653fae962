package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.LiveClient;
import org.parley.testing.V2;

/** PCP version 2, inventory: who is connected, and what changes. Each test has its client_type. */
class InventoryIT extends ServerUnderTest {
  private static final String CONTROLLER = "controller-inventory";

  @Test
  void givenR11Clients_whenQueriedInEveryForm_thenExactlyTheMatchingOnesAreListed()
      throws Exception {
    try (var observer = new Observer(CONTROLLER);
        var b = live("inventory-b", "/pcp2/forms");
        var a = live("inventory-a", "/pcp2/forms");
        var c = live("inventory-a", "/pcp2/forms.other")) {
      assertThat(List.of(a.open(), b.open(), c.open())).containsOnly(true);
      var ofA = "pcp://inventory-a/forms";
      var ofB = "pcp://inventory-b/forms";
      var other = "pcp://inventory-a/forms.other";

      assertThat(observer.inventory("pcp://*/forms")).containsExactly(ofA, ofB);
      assertThat(observer.inventory("pcp://inventory-a/*")).containsExactly(ofA, other);
      assertThat(observer.inventory("pcp://*/*")).contains(ofA, other, ofB).isSorted();
      assertThat(observer.inventory("pcp://*/*")).contains("pcp://" + CONTROLLER + "/controller");
      assertThat(observer.inventory(ofB)).containsExactly(ofB);
      assertThat(observer.inventory(ofB, ofB, "pcp://*/forms")).containsExactly(ofA, ofB);
      assertThat(observer.inventory("pcp://inventory*/forms")).isEmpty();
      assertThat(observer.inventory("pcp://*/form*")).isEmpty();
      assertThat(observer.inventory("pcp://INVENTORY-A/forms")).isEmpty();
      assertThat(observer.inventory("pcp:///server")).isEmpty();
      assertThat(observer.inventory()).isEmpty();
    }
  }

  @ParameterizedTest(name = "R11 {0}")
  @ValueSource(
      strings = {
        "{\"query\":[\"pcp://*\"]}",
        "{\"query\":[\"pcp://a/b/c\"]}",
        "{\"query\":[\"\"]}",
        "{\"query\":[null]}",
        "{\"query\":[[]]}",
        "{\"query\":\"pcp://*/*\"}",
        "{\"query\":[],\"subscribe\":\"true\"}",
        "{\"query\":[],\"subscribe\":null}",
        "{\"query\":[],\"more\":1}",
        "{\"subscribe\":true}",
        "{}",
        "[]",
        "null"
      })
  void givenRequestThatIsWrong_whenSent_thenOneLineSaysWhatIsWrong(String data) throws Exception {
    try (var controller = live(CONTROLLER, "/pcp2/controller")) {
      controller.send(V2.message(V2.id(1), V2.INVENTORY_REQUEST, "pcp:///server", data));

      assertInvalid(controller.await(SOON));
    }
  }

  @Test
  void givenRequestWithoutData_whenSent_thenOneLineSaysSo() throws Exception {
    try (var controller = live(CONTROLLER, "/pcp2/controller")) {
      controller.send(V2.message(V2.id(1), V2.INVENTORY_REQUEST, "pcp:///server"));

      assertInvalid(controller.await(SOON));
    }
  }

  @Tag("own-engine")
  @Test
  void givenR11HundredThousandElements_whenSent_thenItIsRefusedByNumberOrBySize() throws Exception {
    try (var controller = live(CONTROLLER, "/pcp2/controller")) {
      controller.send(V2.message(V2.id(1), V2.INVENTORY_REQUEST, "pcp:///server", query(10_001)));
      assertInvalid(controller.await(SOON));

      controller.send(V2.message(V2.id(2), V2.INVENTORY_REQUEST, "pcp:///server", query(100_000)));
      assertThat(controller.awaitEnd(SOON).code()).isEqualTo(1009); // over 1 MiB
    }
  }

  private static String query(int elements) {
    return IntStream.range(0, elements)
        .mapToObj(_ -> "\"pcp://a/b\"")
        .collect(Collectors.joining(",", "{\"query\":[", "]}"));
  }

  private static void assertInvalid(String text) {
    var error = V2.withoutId(text);
    assertThat(error.keySet()).containsExactlyInAnyOrder("message_type", "in_reply_to", "data");
    assertThat(error.getString("message_type")).isEqualTo(V2.ERROR);
    assertThat(error.getString("in_reply_to")).isEqualTo(V2.id(1));
    assertThat(error.getString("data"))
        .startsWith("Invalid inventory_request: ")
        .hasSizeLessThan(200)
        .doesNotContain("\n");
  }

  @Test
  void givenRequestByTheBrokersName_whenSent_thenItIsAnswered() throws Exception {
    try (var controller = live(CONTROLLER, "/pcp2/controller")) {
      controller.send(
          V2.message(
              V2.id(1),
              V2.INVENTORY_REQUEST,
              "pcp://broker.test/server",
              "{\"query\":[\"pcp://" + CONTROLLER + "/*\"]}"));

      assertThat(V2.withoutId(controller.await(SOON)))
          .isEqualTo(
              V2.parse(
                  """
                  {"message_type":"http://puppetlabs.com/inventory_response",
                  "target":"pcp://controller-inventory/controller",
                  "in_reply_to":"00000000-0000-0000-0000-000000000001",
                  "data":{"uris":["pcp://controller-inventory/controller"]}}\
                  """));
    }
  }

  @Test
  void givenSubscription_whenClientsComeAndGo_thenChangesFollowInTheirOrder() throws Exception {
    try (var observer = new Observer(CONTROLLER);
        var before = live("inventory-before", "/pcp2/order")) {
      assertThat(before.open()).isTrue();
      assertThat(observer.subscribe("pcp://*/order"))
          .containsExactly("pcp://inventory-before/order");

      for (int i = 0; i < 5; i++) {
        var uri = "pcp://inventory-order" + i + "/order";
        try (var client = live("inventory-order" + i, "/pcp2/order")) {
          assertThat(client.open()).isTrue();
          assertThat(observer.awaitChanges(1)).containsExactly("+" + uri);
        }
        assertThat(observer.awaitChanges(1)).containsExactly("-" + uri);
      }
      before.abort();
      assertThat(observer.awaitChanges(1)).containsExactly("-pcp://inventory-before/order");
    }
  }

  @Test
  void givenR18Subscription_whenASessionIsSuperseded_thenItGoesAndComesInOneUpdate()
      throws Exception {
    try (var observer = new Observer(CONTROLLER);
        var first = live("inventory-superseded", "/pcp2/superseded")) {
      var uri = "pcp://inventory-superseded/superseded";
      assertThat(observer.subscribe("pcp://*/superseded")).containsExactly(uri);

      try (var second = live("inventory-superseded", "/pcp2/superseded")) {
        assertThat(observer.awaitChanges(2)).containsExactly("-" + uri, "+" + uri);
        assertThat(first.awaitEnd(SOON)).isEqualTo(new LiveClient.Closed(4000, "Superseded"));
        assertThat(observer.inventory("pcp://*/superseded")).containsExactly(uri);
        assertThat(second.open()).isTrue();
      }
    }
  }

  @Test
  void givenManyComingAndGoing_whenSubscribing_thenTheResponseAndItsUpdatesAgree()
      throws Exception {
    try (var observer = new Observer(CONTROLLER)) {
      var storm =
          Thread.startVirtualThread(
              () -> {
                for (int i = 0; i < 40; i++) {
                  comeAndGo("inventory-storm" + i % 4);
                }
              });
      // The observer fails if an update comes before the response.
      var present = new ArrayList<>(observer.subscribe("pcp://*/storm"));
      storm.join();
      try (var last = live("inventory-last", "/pcp2/storm")) {
        assertThat(last.open()).isTrue();
        while (!present.contains("pcp://inventory-last/storm")) {
          for (var change : observer.awaitUpdate()) {
            apply(change, present);
          }
        }
        while (present.size() > 1) { // the last to go may be noticed late
          observer.awaitUpdate().forEach(change -> apply(change, present));
        }
        assertThat(observer.inventory("pcp://*/storm")).isEqualTo(present);
      }
    }
  }

  private static void comeAndGo(String name) {
    try (var client = live(name, "/pcp2/storm")) {
      assertThat(client.open()).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails unless each change is one. */
  private static void apply(String change, List<String> present) {
    var uri = change.substring(1);
    if (change.startsWith("+")) {
      assertThat(present).doesNotContain(uri);
      present.add(uri);
    } else {
      assertThat(present).contains(uri);
      present.remove(uri);
    }
  }

  @Test
  void givenR12Subscription_whenSubscribedAgain_thenOnlyTheLaterQueryCounts() throws Exception {
    try (var observer = new Observer(CONTROLLER)) {
      assertThat(observer.subscribe("pcp://*/twice-a")).isEmpty();
      assertThat(observer.subscribe("pcp://*/twice-b")).isEmpty();

      try (var a = live("inventory-twice", "/pcp2/twice-a");
          var b = live("inventory-twice", "/pcp2/twice-b")) {
        assertThat(List.of(a.open(), b.open())).containsOnly(true);
        assertThat(observer.awaitChanges(1)).containsExactly("+pcp://inventory-twice/twice-b");
      }
      assertThat(observer.awaitChanges(1)).containsExactly("-pcp://inventory-twice/twice-b");
    }
  }

  @ParameterizedTest(name = "R12 unsubscribe by {0}")
  @ValueSource(strings = {"{\"query\":[]}", "{\"query\":[],\"subscribe\":false}"})
  void givenR12Subscription_whenItIsEnded_thenNoUpdateFollows(String data) throws Exception {
    try (var observer = new Observer(CONTROLLER);
        var witness = new Observer("controller-witness")) {
      assertThat(observer.subscribe("pcp://*/ended")).isEmpty();
      assertThat(witness.subscribe("pcp://*/ended")).isEmpty();
      observer.client().send(V2.message(V2.id(1), V2.INVENTORY_REQUEST, "pcp:///server", data));
      assertThat(V2.parse(observer.client().await(SOON)).getString("message_type"))
          .isEqualTo(V2.INVENTORY_RESPONSE);

      try (var client = live("inventory-ended", "/pcp2/ended")) {
        assertThat(client.open()).isTrue();
        assertThat(witness.awaitChanges(1)).containsExactly("+pcp://inventory-ended/ended");
      }
      assertThat(witness.awaitChanges(1)).containsExactly("-pcp://inventory-ended/ended");
      assertThat(observer.client().poll()).isNull();
    }
  }

  @Test
  void givenR12Subscriber_whenItReconnects_thenItHasNoSubscription() throws Exception {
    try (var before = new Observer(CONTROLLER)) {
      assertThat(before.subscribe("pcp://*/again")).isEmpty();
    }
    try (var after = new Observer(CONTROLLER);
        var witness = new Observer("controller-witness")) {
      assertThat(witness.subscribe("pcp://*/again")).isEmpty();

      try (var client = live("inventory-again", "/pcp2/again")) {
        assertThat(client.open()).isTrue();
        assertThat(witness.awaitChanges(1)).containsExactly("+pcp://inventory-again/again");
      }
      assertThat(witness.awaitChanges(1)).containsExactly("-pcp://inventory-again/again");
      assertThat(after.client().poll()).isNull();
    }
  }
}
