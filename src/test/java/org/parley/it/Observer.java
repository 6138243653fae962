package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.parley.testing.LiveClient;
import org.parley.testing.V2;

/** A controller that watches the inventory. */
final class Observer implements AutoCloseable {
  private final LiveClient client;
  private final String uri;

  /**
   * Connects.
   *
   * @param commonName one that may be a controller
   */
  Observer(String commonName) throws IOException {
    client = ServerUnderTest.live(commonName, "/pcp2/controller");
    uri = "pcp://" + commonName + "/controller";
  }

  LiveClient client() {
    return client;
  }

  /** Asks who is connected; ends the subscription, if there is one. */
  List<String> inventory(String... query) throws IOException, InterruptedException {
    return ask("{\"query\":%s}".formatted(array(query)));
  }

  /** Asks who is connected, and for updates from then on. */
  List<String> subscribe(String... query) throws IOException, InterruptedException {
    return ask("{\"query\":%s,\"subscribe\":true}".formatted(array(query)));
  }

  private List<String> ask(String data) throws IOException, InterruptedException {
    var id = V2.id();
    client.send(V2.message(id, V2.INVENTORY_REQUEST, "pcp:///server", data));
    var response = V2.withoutId(client.await(ServerUnderTest.SOON));
    assertThat(response.keySet())
        .containsExactlyInAnyOrder("message_type", "target", "in_reply_to", "data");
    assertThat(response.getString("message_type")).isEqualTo(V2.INVENTORY_RESPONSE);
    assertThat(response.getString("target")).isEqualTo(uri);
    assertThat(response.getString("in_reply_to")).isEqualTo(id);
    assertThat(response.getJsonObject("data").keySet()).containsExactly("uris");
    return response.getJsonObject("data").getJsonArray("uris").getValuesAs(JsonString::getString);
  }

  /** Waits for the next changes, such as {@code +pcp://client01/agent}, from as many updates. */
  List<String> awaitChanges(int count) throws InterruptedException {
    return awaitChanges(count, ServerUnderTest.SOON);
  }

  /** Waits for the next changes, for each so long at the most. */
  List<String> awaitChanges(int count, Duration patience) throws InterruptedException {
    var changes = new ArrayList<String>();
    while (changes.size() < count) {
      changes.addAll(awaitUpdate(patience));
    }
    return changes;
  }

  /** Waits for one update. */
  List<String> awaitUpdate() throws InterruptedException {
    return awaitUpdate(ServerUnderTest.SOON);
  }

  private List<String> awaitUpdate(Duration patience) throws InterruptedException {
    var update = V2.withoutId(client.await(patience));
    assertThat(update.keySet()).containsExactlyInAnyOrder("message_type", "target", "data");
    assertThat(update.getString("message_type")).isEqualTo(V2.INVENTORY_UPDATE);
    assertThat(update.getString("target")).isEqualTo(uri);
    assertThat(update.getJsonObject("data").keySet()).containsExactly("changes");
    return update.getJsonObject("data").getJsonArray("changes").getValuesAs(Observer::change);
  }

  private static String change(JsonObject change) {
    assertThat(change.keySet()).containsExactlyInAnyOrder("client", "change");
    var sign =
        switch (change.getInt("change")) {
          case 1 -> "+";
          case -1 -> "-";
          default -> throw new AssertionError(change);
        };
    return sign + change.getString("client");
  }

  private static String array(String... query) {
    return Arrays.stream(query)
        .map(element -> '"' + element + '"')
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
