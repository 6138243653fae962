package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.TestBroker;

/** When a Will is published and when it is not: MQTT 5.0 sections 3.1.2.5 and 3.1.3.2.2. */
class WillTimingConformanceTest extends BrokerUnderTest {
  private static final int KEEP_ALIVE = 1000;

  /** How a connection ends so that the Will stays; when it returns, the broker has seen it. */
  enum End {
    RESET {
      @Override
      void of(Peer peer, TestBroker broker) {
        peer.reset();
        broker.awaitConnections(1);
      }
    },
    FIN {
      @Override
      void of(Peer peer, TestBroker broker) {
        peer.endOutput().expectClosed();
        broker.awaitConnections(1);
      }
    },
    KEEP_ALIVE_TIMEOUT {
      @Override
      void of(Peer peer, TestBroker broker) {
        broker.advance(Duration.ofSeconds(KEEP_ALIVE * 3 / 2));
        peer.expectDisconnect(ReasonCode.KEEP_ALIVE_TIMEOUT);
      }
    },
    MALFORMED_PACKET {
      @Override
      void of(Peer peer, TestBroker broker) {
        peer.sendHex("36 00").expectDisconnect(ReasonCode.MALFORMED_PACKET);
      }
    },
    PROTOCOL_ERROR {
      @Override
      void of(Peer peer, TestBroker broker) {
        peer.send(ConnectBytes.v5("c")).expectDisconnect(ReasonCode.PROTOCOL_ERROR);
      }
    },
    DISCONNECT_WITH_WILL {
      @Override
      void of(Peer peer, TestBroker broker) {
        peer.sendHex("E0 01 04").expectClosed();
      }
    },
    DISCONNECT_WITH_ERROR {
      @Override
      void of(Peer peer, TestBroker broker) {
        peer.sendHex("E0 01 80").expectClosed();
      }
    },
    DISCONNECT_THAT_IS_NONE {
      @Override
      void of(Peer peer, TestBroker broker) {
        peer.sendHex("E1 00").expectDisconnect(ReasonCode.MALFORMED_PACKET);
      }
    },
    OPERATOR {
      @Override
      void of(Peer peer, TestBroker broker) {
        broker.access().banned.add("c");
        broker.rightsChanged();
        peer.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
        broker.access().banned.clear();
      }
    };

    abstract void of(Peer peer, TestBroker broker);
  }

  private Peer watcher() {
    var watcher = peer("watcher");
    watcher.subscribe("w", 0);
    return watcher;
  }

  private static ConnectBytes connect(long expiry, long delay) {
    return ConnectBytes.v5("c")
        .expiry(expiry)
        .keepAlive(KEEP_ALIVE)
        .will("w", "gone", 0, false)
        .willDelay(delay);
  }

  private void advanceMillis(long millis) {
    broker().advance(Duration.ofMillis(millis));
  }

  private static void expectWill(Peer watcher) {
    assertThat(watcher.nextPublish().topic().text()).isEqualTo("w");
    watcher.expectNothing();
  }

  static Stream<Arguments> ends() {
    return Stream.of(End.values())
        .flatMap(
            end ->
                Stream.of(
                    Arguments.of(end, 60, 0, 0),
                    Arguments.of(end, 60, 2, 2),
                    Arguments.of(end, 60, 100, 60), // at the end of the session
                    Arguments.of(end, 0, 100, 0))); // which is the end of the connection
  }

  @ParameterizedTest
  @MethodSource("ends")
  @Tag("MQTT-3.1.2-8")
  @Tag("MQTT-3.1.2-10")
  @Tag("edge-55")
  @Tag("edge-59")
  @Tag("edge-60")
  @Tag("CVE-2019-11778")
  void givenWill_whenTheConnectionEnds_thenItComesAfterItsDelayOrTheSession(
      End end, long expiry, long delay, int seconds) {
    var watcher = watcher();
    var peer = peer(connect(expiry, delay));

    end.of(peer, broker());

    if (seconds > 0) {
      advanceMillis(seconds * 1000L - 1);
      watcher.expectNothing();
      advanceMillis(1);
    }
    expectWill(watcher);
    advanceMillis(200_000);
    watcher.expectNothing();
  }

  @ParameterizedTest
  @Tag("MQTT-3.14.4-3")
  @Tag("MQTT-3.1.2-8")
  @Tag("MQTT-3.1.2-10")
  @CsvSource({
    "E0 00, 0",
    "E0 00, 5",
    "E0 01 00, 0",
    "E0 02 00 00, 5",
    "E0 07 00 05 11 00 00 00 00, 5"
  })
  void givenWill_whenDisconnectWithSuccess_thenItIsDeleted(String disconnect, long delay) {
    var watcher = watcher();
    var peer = peer(connect(60, delay));

    peer.sendHex(disconnect).expectClosed();

    watcher.expectNothing();
    advanceMillis(100_000);
    watcher.expectNothing();
  }

  @Test
  @Tag("MQTT-3.14.4-3")
  void givenWillBefore5_whenDisconnect_thenItIsDeleted() {
    var watcher = watcher();
    peer(ConnectBytes.v311("c").will("w", "gone", 0, false)).disconnect();
    peer(ConnectBytes.v31("d").will("w", "gone", 0, false)).disconnect();

    watcher.expectNothing();
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-8")
  @ValueSource(strings = {"80", "81", "82", "83", "90", "93", "94", "95", "96", "97", "98", "99"})
  void givenWill_whenDisconnectWithAnotherReason_thenItIsPublished(String reason) {
    var watcher = watcher();
    peer(connect(60, 0)).sendHex("E0 01" + reason).expectClosed();

    expectWill(watcher);
  }

  @Test
  @Tag("MQTT-3.14.4-3")
  @Tag("edge-58")
  void givenPublishAndDisconnectInOneSegment_whenFinFollows_thenTheWillIsDeleted() {
    var watcher = peer("watcher");
    watcher.subscribe("#", 0);
    var peer = peer(connect(60, 0));
    var last =
        Bytes.empty()
            .raw(PublishBytes.of("t", "last words").qos(1, 1).toByteArray(peer.version()))
            .raw("E0 00");

    peer.send(last.toByteArray()).close();

    broker().awaitConnections(1);
    assertThat(watcher.nextPublish().topic().text()).isEqualTo("t");
    watcher.expectNothing();
  }

  @Test
  @Tag("MQTT-3.1.3-9")
  @Tag("MQTT-3.1.2-8")
  @Tag("edge-54")
  @Tag("edge-57")
  void givenWillThatWaits_whenTheSessionIsResumed_thenItIsNotSentAndTheSessionWorks() {
    var watcher = watcher();
    peer(connect(60, 3)).sendHex("E0 01 04").expectClosed();
    advanceMillis(1000);

    var back = peer(ConnectBytes.v5("c").resume(60));
    back.subscribe("t", 0);
    advanceMillis(5000);

    watcher.expectNothing();
    watcher.publish("t", "x");
    assertThat(back.nextPublish().topic().text()).isEqualTo("t");
    back.disconnect();
    advanceMillis(100_000);
    watcher.expectNothing();
  }

  @Test
  @Tag("MQTT-3.1.3-9")
  @Tag("edge-54")
  @Tag("edge-57")
  void givenWillThatWaits_whenTheClientComesWithCleanStart_thenItIsSentAtOnce() {
    var watcher = watcher();
    peer(connect(60, 3)).sendHex("E0 01 04").expectClosed();

    var back = peer(ConnectBytes.v5("c"));

    expectWill(watcher);
    back.subscribe("t", 0);
    advanceMillis(5000);
    watcher.expectNothing();
    watcher.publish("t", "x");
    assertThat(back.nextPublish().topic().text()).isEqualTo("t");
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-8")
  @Tag("MQTT-3.1.3-9")
  @Tag("edge-52")
  @Tag("edge-53")
  @Tag("edge-54")
  @CsvSource({
    "60, 0, false, true",
    "60, 0, true, true",
    "60, 5, false, false",
    "60, 5, true, true",
    "0, 5, false, true",
    "0, 5, true, true"
  })
  void givenWill_whenTakenOver_thenItIsSentUnlessItsSessionGoesOnWithinTheDelay(
      long expiry, long delay, boolean cleanStart, boolean sent) {
    var watcher = watcher();
    var peer = peer(connect(expiry, delay));

    var next = peer(ConnectBytes.v5("c").cleanStart(cleanStart).expiry(60));
    peer.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);

    if (sent) {
      expectWill(watcher);
    }
    advanceMillis(100_000);
    watcher.expectNothing();
    next.expectNothing();
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-8")
  @Tag("edge-52")
  @ValueSource(booleans = {true, false})
  void givenWillOf311_whenTakenOver_thenItIsSent(boolean cleanSession) {
    var watcher = watcher();
    var peer = peer(ConnectBytes.v311("c").cleanStart(cleanSession).will("w", "gone", 0, false));

    peer(ConnectBytes.v311("c").cleanStart(cleanSession));

    peer.expectClosed();
    expectWill(watcher);
  }

  @Test
  @Tag("MQTT-3.1.2-8")
  void givenNewConnectionWithItsOwnWill_whenItEnds_thenThatOneIsSent() {
    var watcher = watcher();
    peer(connect(60, 5)).sendHex("E0 01 04").expectClosed();
    peer(ConnectBytes.v5("c").resume(60).will("w", "second", 0, false))
        .sendHex("E0 01 04")
        .expectClosed();

    assertThat(watcher.nextPublish().payload().length()).isEqualTo("second".length());
    advanceMillis(100_000);
    watcher.expectNothing();
  }

  @Test
  @Tag("MQTT-3.1.2-8")
  void givenWillThatWaits_whenDisconnectEndsTheSession_thenItIsSentAtOnce() {
    var watcher = watcher();
    peer(connect(60, 50)).sendHex("E0 07 04 05 11 00 00 00 00").expectClosed();

    expectWill(watcher);
  }

  @Test
  @Tag("edge-68")
  void givenSessionWithAWill_whenAnotherConnectIsRefused_thenTheWillIsNotTouched() {
    var watcher = watcher();
    var peer = peer(connect(60, 0));

    open()
        .send(ConnectBytes.v5("c").will("#", "", 0, false))
        .expectRefusal(ReasonCode.TOPIC_NAME_INVALID);

    peer.expectNothing();
    watcher.expectNothing();
  }

  @ParameterizedTest
  @EnumSource(
      value = End.class,
      names = {"RESET", "FIN"})
  @Tag("MQTT-3.1.2-8")
  @Tag("edge-59")
  void givenWillOf311_whenTheConnectionIsLost_thenItIsSent(End end) {
    var watcher = watcher();
    var peer = peer(ConnectBytes.v311("c").will("w", "gone", 0, false));

    end.of(peer, broker());

    expectWill(watcher);
  }
}
