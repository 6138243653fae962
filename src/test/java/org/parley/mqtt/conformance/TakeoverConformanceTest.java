package org.parley.mqtt.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.packet.ReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
import static org.parley.mqtt.packet.ReasonCode.SESSION_TAKEN_OVER;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;

/** A Client Identifier that is connected already connects: section 3.1.4. */
class TakeoverConformanceTest extends BrokerUnderTest {

  private static ConnectBytes kept(String clientId) {
    return ConnectBytes.v5(clientId).resume(60);
  }

  static Stream<Arguments> versions() {
    return Stream.of(ProtocolVersion.values())
        .flatMap(
            former -> Stream.of(ProtocolVersion.values()).map(next -> Arguments.of(former, next)));
  }

  @ParameterizedTest
  @MethodSource("versions")
  @Tag("MQTT-3.1.4-3")
  @Tag("edge-36")
  @Tag("edge-40")
  void givenClientOnline_whenItConnectsAgain_thenTheFormerIsToldAsItsVersionAllowsAndTheNewStays(
      ProtocolVersion former, ProtocolVersion next) {
    var old = peer(ConnectBytes.of(former, "c"));

    var client = peer(ConnectBytes.of(next, "c"));

    old.expectDisconnect(SESSION_TAKEN_OVER);
    client.expectNothing();
    client.subscribe("a", 0);
    client.publish("a", "x");
    assertThat(client.nextText()).isEqualTo("x");
    assertThat(broker().state().onlineCount()).isOne();
  }

  @Test
  @Tag("MQTT-3.1.4-3")
  void givenConnectThatIsRefused_whenTheClientIsOnline_thenItStays() {
    var client = peer("c");
    broker().access().refusedIds.add("c");

    open().send(ConnectBytes.v5("c")).expectRefusal(CLIENT_IDENTIFIER_NOT_VALID);

    client.expectNothing();
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-4")
  @Tag("edge-37")
  @EnumSource(ProtocolVersion.class)
  void givenSessionThatEndsWithItsConnection_whenTakenOver_thenNothingIsInherited(
      ProtocolVersion version) {
    var old = peer(ConnectBytes.of(version, "c"));
    old.subscribe("a", 1);
    var publisher = peer("p").publish("a", "before", 1);

    var client = open();
    assertThat(client.connect(ConnectBytes.of(version, "c").resume(60)).sessionPresent()).isFalse();

    publisher.publish("a", "after", 1);
    client.expectNothing();
    assertThat(broker().state().subscriptionCount()).isZero();
  }

  @Test
  @Tag("MQTT-4.1.0-1")
  @Tag("edge-39")
  void givenSessionTakenOver_whenTheFormerConnectionEndsLate_thenTheSessionStays() {
    var connect =
        ConnectBytes.v5("c").resume(60).willDelay(30).will("w", "of the former", 0, false);
    var observer = peer("o");
    observer.subscribe("w", 0);
    var old = peer(connect);
    old.subscribe("a", 1);
    var client = peer(kept("c"));

    old.reset();
    broker().awaitConnections(2);
    broker().advance(Duration.ofMinutes(2));

    peer("p").publish("a", "x", 1);
    assertThat(client.nextText()).isEqualTo("x");
    observer.expectNothing();
  }

  @Test
  @Tag("MQTT-3.1.2-8")
  @Tag("edge-44")
  void givenSessionTakenOver_whenTheFormerConnectionEnds_thenTheNewWillWaitsForItsOwnEnd() {
    var observer = peer("o");
    observer.subscribe("w", 0);
    var old = peer(kept("c").will("w", "former", 0, false));
    var client = peer(kept("c").will("w", "new", 0, false));
    assertThat(observer.nextText()).isEqualTo("former");

    old.expectDisconnect(SESSION_TAKEN_OVER);
    old.reset();
    broker().awaitConnections(2);
    observer.expectNothing();

    client.reset();
    assertThat(observer.nextText()).isEqualTo("new");
    observer.expectNothing();
  }

  @Test
  @Tag("MQTT-4.5.0-1")
  @Tag("edge-41")
  void givenAStreamOfMessages_whenTheSessionIsTakenOverAgainAndAgain_thenNoneIsLost() {
    int messages = 600;
    var publisher = peer("p");
    var client = peer(kept("c"));
    client.subscribe("a", 1);
    var stream =
        CompletableFuture.runAsync(
            () -> IntStream.range(0, messages).forEach(i -> publisher.publish("a", "" + i, 1)));

    var heard = new LinkedHashSet<Integer>();
    while (heard.size() < messages) {
      var publish = client.nextPublish();
      int number = Integer.parseInt(new String(publish.payload().toByteArray(), US_ASCII));
      boolean fresh = heard.add(number);
      assertThat(fresh || publish.dup()).as("a copy says that it is one").isTrue();
      client.puback(publish.packetId());
      if (heard.size() % 20 == 0) {
        client = peer(kept("c"));
      }
    }

    stream.join();
    assertThat(new ArrayList<>(heard)).isEqualTo(IntStream.range(0, messages).boxed().toList());
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-4")
  @Tag("edge-42")
  @ValueSource(ints = {0, 1})
  void givenAStreamOfMessages_whenACleanStartTakesOver_thenNoneOfThemStrays(int qos) {
    var publisher = peer("p");
    var stop = new AtomicBoolean();
    var stream =
        CompletableFuture.runAsync(
            () -> {
              while (!stop.get()) {
                publisher.publish("a", "x", qos).expectNothing();
              }
            });
    for (int round = 0; round < 40; round++) {
      var old = peer(kept("c"));
      old.subscribe("a", qos);
      old.nextPublish();

      var client = open();
      assertThat(client.connect(ConnectBytes.v5("c")).sessionPresent()).isFalse();

      client.expectNothing().expectNothing().expectNothing().disconnect();
    }

    stop.set(true);
    stream.join();
  }

  @Test
  @Tag("MQTT-3.1.4-3")
  void givenManyConnectAtOnce_whenAllHaveTheSameIdentifier_thenOneIsLeft() {
    var peers = new ArrayList<Peer>();
    for (int i = 0; i < 20; i++) {
      peers.add(open());
    }
    peers.forEach(peer -> peer.send(kept("c")));

    broker().awaitConnections(1);

    assertThat(broker().state().onlineCount()).isOne();
    assertThat(broker().state().sessionCount()).isOne();
  }
}
