package org.parley.mqtt.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.QoS;

/** What is kept of publishers of retained messages: once, and as long as there are any. */
class RetainedPublishersTest {
  private static final int CERTIFICATE_BYTES = 900;

  private final Driver driver = new Driver();

  /** An equal one each time, and never the same object. */
  private static Owner owner(String userName) {
    return new Owner(
        Optional.of(BinaryData.of(new byte[CERTIFICATE_BYTES])),
        Optional.of(userName),
        "mqtt-v5",
        "tls",
        "192.0.2.1");
  }

  private void publish(String topic, String payload, Optional<Owner> publisher) {
    var message = driver.message("c", topic, QoS.AT_LEAST_ONCE, true, payload);
    driver.apply(new Command.Publish("", Command.NO_EPOCH, 0, message, publisher));
  }

  private void publish(String topic, String userName) {
    publish(topic, "x", Optional.of(owner(userName)));
  }

  private static List<Owner> heard(Driver driver) {
    var reader = driver.attach("r", true, 0);
    var owners = new ArrayList<Owner>();
    var subscribed =
        Driver.one(driver.subscribe(reader, "#", QoS.AT_MOST_ONCE), Event.Subscribed.class);
    subscribed.retained().forEach(copy -> copy.publisher().ifPresent(owners::add));
    return owners;
  }

  @Test
  void givenMessagesOfOnePublisher_whenReplayed_thenAllHaveTheSameObject() {
    publish("a", "ada");
    publish("b", "ada");
    publish("c", "bob");
    publish("d", "x", Optional.empty());

    var heard = heard(driver);

    assertThat(heard).containsExactly(owner("ada"), owner("ada"), owner("bob"));
    assertThat(heard.get(0)).isSameAs(heard.get(1));
  }

  @Test
  void givenPublishers_whenTheirMessagesComeAndGo_thenEachCountsOnceAsLongAsItHasAny() {
    publish("a", "x", Optional.empty());
    long message = driver.state.retainedBytes();

    publish("a", "ada");
    long one = driver.state.retainedBytes();
    assertThat(one).isBetween(message + CERTIFICATE_BYTES, message + CERTIFICATE_BYTES + 300);
    publish("b", "ada");
    assertThat(driver.state.retainedBytes()).isEqualTo(one + message);
    publish("b", "bob");
    assertThat(driver.state.retainedBytes()).isEqualTo(2 * one);
    publish("a", "bob");
    assertThat(driver.state.retainedBytes()).isEqualTo(one + message);
    publish("a", "", Optional.of(owner("eve")));
    publish("b", "", Optional.of(owner("eve")));
    assertThat(driver.state.retainedBytes()).isZero();
  }

  @Test
  void givenRows_whenRestored_thenEqualPublishersAreOneObject() {
    var restoration = driver.state.restoration();
    for (var topic : List.of("a", "b")) {
      var message = driver.message("c", topic, QoS.AT_LEAST_ONCE, true, "x");
      restoration.retained(new RetainedMessage(message, Optional.of(owner("ada"))));
    }
    restoration.end();

    var heard = heard(driver);

    assertThat(heard).hasSize(2);
    assertThat(heard.get(0)).isSameAs(heard.get(1));
  }

  /** What is owed to an offline session, too. */
  @Test
  void givenQueuedRows_whenRestored_thenTheirPublishersAreOneObject() {
    var rows = new RecordedRows();
    var before = new StateMachine(Driver.LIMITS, rows);
    long now = driver.now;
    for (var topic : List.of("a", "b")) {
      var message = driver.message("c", topic, QoS.AT_LEAST_ONCE, true, "x");
      before.apply(
          now, new Command.Publish("", Command.NO_EPOCH, 0, message, Optional.of(owner("ada"))));
    }
    var attach = new Command.Attach("r", 1, true, 100, 10, Driver.OWNER, Optional.empty());
    var attached = Driver.one(before.apply(now, attach), Event.Attached.class);
    var request = Driver.request("#", QoS.AT_LEAST_ONCE);
    before.apply(now, new Command.Subscribe("r", attached.epoch(), 1, 0, List.of(request)));

    var restoration = driver.state.restoration();
    rows.replay(restoration);
    restoration.end();
    driver.apply(new Command.Restart());
    var queue = driver.attach("r", false, 100).queue();

    assertThat(queue)
        .extracting(entry -> entry.delivery().publisher())
        .containsExactly(Optional.of(owner("ada")), Optional.of(owner("ada")));
    assertThat(queue.get(0).delivery().publisher().orElseThrow())
        .isSameAs(queue.get(1).delivery().publisher().orElseThrow());
  }

  @Test
  void givenPublisherThatIsLargerThanAllMayBe_whenItPublishes_thenRefused() {
    var small =
        new Driver(
            new StateLimits(
                100, 100, 1_000_000, StateLimits.Overflow.DROP_NEW, 10, 10, CERTIFICATE_BYTES));
    var attached = small.attach("c", true, 0);
    var message = small.message("c", "a", QoS.AT_LEAST_ONCE, true, "x");
    var publish = new Command.Publish("c", attached.epoch(), 1, message, Optional.of(owner("ada")));

    var published = Driver.one(small.apply(publish), Event.Published.class);

    assertThat(published.reason().isFailure()).isTrue();
    assertThat(small.state.retainedBytes()).isZero();
  }
}
