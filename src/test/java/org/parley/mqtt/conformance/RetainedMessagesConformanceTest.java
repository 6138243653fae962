package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;

/** Which retained messages a subscription finds, and how long: MQTT 5.0 section 3.3.1.3. */
class RetainedMessagesConformanceTest extends BrokerUnderTest {
  private static final int NO_LOCAL = 0x04;

  private static PublishBytes retained(String topic, String payload) {
    return PublishBytes.of(topic, payload).retain();
  }

  @Test
  @Tag("edge-109")
  @Tag("MQTT-4.7.2-1")
  void givenDollarInsideATopic_whenSubscribedWithWildcard_thenTheRetainedMessageIsFound() {
    peer("p").publish(retained("devices/d/$online", "yes"), 1);
    var subscriber = peer("s");

    subscriber.subscribe("devices/d/+", 1);

    assertThat(Peer.text(subscriber.receive())).isEqualTo("yes");
  }

  @Test
  @Tag("edge-110")
  @Tag("edge-111")
  @Tag("MQTT-3.3.2-3")
  void givenManyRetainedMessages_whenSubscribed_thenEachThatMatchesComesOnce() {
    var publisher = peer("p");
    for (var topic : List.of("a", "a/b", "a/b/c", "ab", "b/a", "/a", "a/")) {
      publisher.publish(retained(topic, topic), 1);
    }
    assertThat(topicsFor("all", "#", 7))
        .containsExactlyInAnyOrder("a", "a/b", "a/b/c", "ab", "b/a", "/a", "a/");
    assertThat(topicsFor("under", "a/#", 4)).containsExactlyInAnyOrder("a", "a/b", "a/b/c", "a/");
    assertThat(topicsFor("level", "a/+", 2)).containsExactlyInAnyOrder("a/b", "a/");
    assertThat(topicsFor("one", "a", 1)).containsExactly("a");
    assertThat(topicsFor("none", "A", 0)).isEmpty();
  }

  private List<String> topicsFor(String clientId, String filter, int count) {
    var subscriber = peer(clientId);
    subscriber.subscribe(filter, 1);
    var topics = Stream.generate(() -> subscriber.receive().topic().text()).limit(count).toList();
    subscriber.expectNothing();
    return topics;
  }

  @Test
  @Tag("edge-114")
  void givenRightToReadTakenAway_whenSubscribed_thenNothingRetainedIsSent() {
    peer("p").publish(retained("secret", "x"), 1);
    var connect = ConnectBytes.v5("s").resume(60);
    var subscriber = peer(connect);
    broker().access().denied.add("secret");
    broker().rightsChanged();

    assertThat(subscriber.subscribe("secret", 1).reasons())
        .containsExactly(ReasonCode.NOT_AUTHORIZED);
    subscriber.expectNothing();
  }

  @Test
  void givenNoLocal_whenSubscribed_thenOwnRetainedMessagesAreLeftOut() {
    peer("other").publish(retained("t/other", "theirs"), 1);
    var subscriber = peer("s");
    subscriber.publish(retained("t/own", "mine"), 1);

    subscriber.subscribe("t/#", 1 | NO_LOCAL);

    assertThat(Peer.text(subscriber.receive())).isEqualTo("theirs");
    subscriber.expectNothing();
  }

  @Test
  void givenAsManyRetainedMessagesAsMayBe_whenOneMoreComes_thenItIsRefusedAndNobodyGetsIt() {
    start(options -> options.retainedMessages = 1);
    var live = peer("live");
    live.subscribe("#", 1);
    var publisher = peer("p");
    publisher.publish(retained("one", "1"), 1);
    live.receive();

    publisher.send(retained("two", "2").qos(1, 70));

    assertThat(publisher.next(Puback.class).reason()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
    live.expectNothing();
    publisher.publish(retained("one", "again"), 1); // takes the place of the first
    assertThat(Peer.text(live.receive())).isEqualTo("again");
  }

  @Test
  @Tag("edge-114")
  void givenRefusedPublish_whenSubscribed_thenWhatWasRetainedIsThereStill() {
    var publisher = peer("p");
    publisher.publish(retained("t", "kept"), 1);
    broker().access().denied.add("t");
    publisher.send(retained("t", "refused").qos(1, 70));
    assertThat(publisher.next(Puback.class).reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    publisher.send(retained("t", "")).expectNothing();
    broker().access().denied.remove("t");

    var subscriber = peer("s");
    subscriber.subscribe("t", 1);
    assertThat(Peer.text(subscriber.receive())).isEqualTo("kept");
    subscriber.expectNothing();
  }

  @Test
  @Tag("MQTT-3.3.2-5")
  @Tag("MQTT-3.3.2-6")
  @Tag("edge-99")
  @Tag("edge-100")
  @Tag("edge-102")
  void givenRetainedMessageWithExpiry_whenTimePasses_thenItGetsLessAndThenIsGone() {
    peer("p").publish(retained("t", "brief").expiry(10), 1);

    broker().advance(Duration.ofMillis(3500));
    var first = peer("first");
    first.subscribe("t", 1);
    assertThat(first.receive().properties().messageExpiry()).hasValue(7);
    broker().advance(Duration.ofSeconds(6));
    var second = peer("second");
    second.subscribe("t", 1);
    assertThat(second.receive().properties().messageExpiry()).hasValue(1);

    broker().advance(Duration.ofSeconds(1));

    assertThat(broker().state().retainedCount()).isZero();
    assertThat(broker().state().retainedBytes()).isZero();
    var late = peer("late");
    late.subscribe("t", 1);
    late.expectNothing();
  }
}
