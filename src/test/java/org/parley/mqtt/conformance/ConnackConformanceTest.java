package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.PublishBytes;
import org.parley.testing.mqtt.TestAccess;
import org.parley.testing.mqtt.TestOptions;

/** What CONNACK says and what follows from it: MQTT 5.0 section 3.2.2. */
class ConnackConformanceTest extends BrokerUnderTest {

  private Connack.Properties connack(ConnectBytes connect) {
    var connack = open().connect(connect);
    assertThat(connack.reason()).isEqualTo(ReasonCode.SUCCESS);
    return connack.properties();
  }

  @Test
  @Tag("MQTT-3.2.2-9")
  @Tag("edge-16")
  void givenAServerThatCanDoAll_whenConnect_thenNothingIsSaidToBeUnavailable() {
    var properties = connack(ConnectBytes.v5("c"));

    assertThat(properties.maximumQos()).isEmpty();
    assertThat(properties.retainAvailable().orElse(true)).isTrue();
    assertThat(properties.wildcardAvailable().orElse(true)).isTrue();
    assertThat(properties.subscriptionIdsAvailable().orElse(true)).isTrue();
    assertThat(properties.sharedAvailable().orElse(true)).isTrue();
  }

  @Test
  @Tag("MQTT-3.2.2-8")
  void givenEveryRefusalThatWeKnow_whenAnswered_thenItsCodeIsOneOfTheTableOfConnack() {
    start(
        options -> {
          options.retainAvailable = false;
          options.maximumQos = 0;
          options.sessions = 1;
          options.checkPayloadFormat = true;
        });
    var access = broker().access();
    access.banned.add("banned");
    access.refusedIds.add("refused");
    access.denied.add("denied");
    access.passwords.put("user", "right");
    peer("only");
    var format = Bytes.empty().raw("01 01");
    var refused =
        List.of(
            ConnectBytes.v5("banned"),
            ConnectBytes.v5("refused"),
            ConnectBytes.v5("c").userName("user").password("wrong"),
            ConnectBytes.v5("c").authentication("X-NONE", ""),
            ConnectBytes.v5("c").will("denied", "", 0, false),
            ConnectBytes.v5("c").will("$SYS/x", "", 0, false),
            ConnectBytes.v5("c").will("t", "", 1, false),
            ConnectBytes.v5("c").will("t", "", 0, true),
            ConnectBytes.v5("c").will("t", "", 3, false),
            ConnectBytes.v5("c").receiveMaximum(0),
            ConnectBytes.v5("too many"));
    var codes = new HashSet<ReasonCode>();
    for (var connect : refused) {
      codes.add(open().connect(connect).reason()); // the reader knows the table
    }
    var badFormat =
        ConnectBytes.v5("c").will("t", "@", 0, false).willProperties(format).toByteArray();
    codes.add(open().send(Bytes.replaced(badFormat, "@", "FF")).next(Connack.class).reason());

    assertThat(codes)
        .containsExactlyInAnyOrder(
            ReasonCode.NOT_AUTHORIZED,
            ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
            ReasonCode.BAD_USER_NAME_OR_PASSWORD,
            ReasonCode.BAD_AUTHENTICATION_METHOD,
            ReasonCode.TOPIC_NAME_INVALID,
            ReasonCode.QOS_NOT_SUPPORTED,
            ReasonCode.RETAIN_NOT_SUPPORTED,
            ReasonCode.MALFORMED_PACKET,
            ReasonCode.PROTOCOL_ERROR,
            ReasonCode.QUOTA_EXCEEDED,
            ReasonCode.PAYLOAD_FORMAT_INVALID);
  }

  @ParameterizedTest
  @Tag("MQTT-3.2.2-9")
  @Tag("MQTT-3.2.2-10")
  @CsvSource({"0", "1"})
  void givenAServerWithALowerMaximumQos_whenSubscribe_thenItIsToldAndGranted(int maximum) {
    start(options -> options.maximumQos = maximum);
    var peer = open();

    var connack = peer.connect(ConnectBytes.v5("c"));

    assertThat(connack.properties().maximumQos()).isEqualTo(OptionalInt.of(maximum));
    for (int asked = 0; asked <= 2; asked++) {
      assertThat(peer.subscribe("t", asked).reasons().getFirst().value())
          .isEqualTo(Math.min(asked, maximum));
    }
  }

  @ParameterizedTest
  @Tag("MQTT-3.2.2-11")
  @CsvSource({"0,1", "0,2", "1,2"})
  void givenALowerMaximumQos_whenPublishAboveIt_thenQosNotSupported(int maximum, int qos) {
    start(options -> options.maximumQos = maximum);
    var peer = peer("c");

    peer.send(PublishBytes.of("t", "x").qos(qos, 1)).expectDisconnect(ReasonCode.QOS_NOT_SUPPORTED);
  }

  @ParameterizedTest
  @Tag("MQTT-3.2.2-12")
  @Tag("edge-17")
  @CsvSource({"0,1", "0,2", "1,2"})
  void givenALowerMaximumQos_whenTheWillIsAboveIt_thenConnectIsRefused(int maximum, int qos) {
    start(options -> options.maximumQos = maximum);

    open()
        .send(ConnectBytes.v5("c").will("w", "", qos, false))
        .expectRefusal(ReasonCode.QOS_NOT_SUPPORTED);
    open().send(ConnectBytes.v311("c").will("w", "", qos, false)).expectClosed();
    peer(ConnectBytes.v5("c").will("w", "", maximum, false)).expectNothing();
  }

  @Test
  @Tag("MQTT-3.2.2-13")
  @Tag("edge-17")
  void givenNoRetainedMessages_whenTheWillIsRetained_thenConnectIsRefused() {
    start(options -> options.retainAvailable = false);

    open()
        .send(ConnectBytes.v5("c").will("w", "", 0, true))
        .expectRefusal(ReasonCode.RETAIN_NOT_SUPPORTED);
    open().send(ConnectBytes.v311("c").will("w", "", 0, true)).expectClosed();
    assertThat(connack(ConnectBytes.v5("c")).retainAvailable()).isEqualTo(Optional.of(false));
  }

  @Test
  @Tag("MQTT-3.2.2-14")
  void givenNoRetainedMessages_whenPublishWithRetain_thenRetainNotSupported() {
    start(options -> options.retainAvailable = false);

    peer("c")
        .send(PublishBytes.of("t", "x").retain())
        .expectDisconnect(ReasonCode.RETAIN_NOT_SUPPORTED);
  }

  @Test
  @Tag("MQTT-3.2.2-16")
  void givenManyClientsWithoutIdentifier_whenConnect_thenNoTwoGetTheSame() {
    var seen = new HashSet<String>();
    peer(ConnectBytes.v5("offline").resume(60)).disconnect();
    for (int i = 0; i < 200; i++) {
      var peer = open();
      var id = peer.connect(ConnectBytes.v5("").resume(60)).properties().assignedClientId();
      assertThat(seen.add(id.orElseThrow())).isTrue();
      peer.disconnect();
    }
    assertThat(broker().state().sessionCount()).isEqualTo(201);
  }

  @Test
  @Tag("MQTT-3.1.2-28")
  void givenResponseInformation_whenItIsNotAskedFor_thenItIsNotTold() {
    start(options -> options.responsePrefix = "answers/");

    assertThat(connack(ConnectBytes.v5("c")).responseInformation()).isEmpty();
    assertThat(connack(asking(0)).responseInformation()).isEmpty();
    assertThat(connack(asking(1)).responseInformation()).isEqualTo(Optional.of("answers/c/"));
  }

  private static ConnectBytes asking(int responseInformation) {
    return ConnectBytes.v5("c").properties(Bytes.empty().u8(0x19).u8(responseInformation));
  }

  @Test
  @Tag("MQTT-3.1.2-28")
  void givenNoResponseInformation_whenItIsAskedFor_thenConnackHasNone() {
    assertThat(connack(asking(1)).responseInformation()).isEmpty();
  }

  @ParameterizedTest
  @Tag("edge-162")
  @ValueSource(ints = {100, 5000})
  void givenLimits_whenConnect_thenConnackTellsThemAsTheyAre(int size) {
    start(
        (TestOptions options) -> {
          options.maximumPacketSize = size;
          options.receiveMaximum = 7;
          options.topicAliasMaximum = 3;
          options.maximumSessionExpiry = 50;
          options.maximumKeepAlive = 20;
        });

    var properties = connack(ConnectBytes.v5("c").resume(60).keepAlive(30));

    assertThat(properties.maximumPacketSize()).isEqualTo(OptionalLong.of(size));
    assertThat(properties.receiveMaximum()).isEqualTo(OptionalInt.of(7));
    assertThat(properties.topicAliasMaximum()).isEqualTo(3);
    assertThat(properties.sessionExpiry()).isEqualTo(OptionalLong.of(50));
    assertThat(properties.serverKeepAlive()).isEqualTo(OptionalInt.of(20));
  }

  @Test
  @Tag("MQTT-4.12.0-5")
  @Tag("MQTT-4.12.0-6")
  void givenNoAuthenticationMethod_whenConnect_thenConnackHasNone() {
    var properties = connack(ConnectBytes.v5("c"));

    assertThat(properties.authenticationMethod()).isEmpty();
    assertThat(properties.authenticationData()).isEmpty();
    broker().access().challenges = 0;
    var proved = connack(ConnectBytes.v5("c").authentication(TestAccess.METHOD, TestAccess.PROOF));
    assertThat(proved.authenticationMethod()).isEqualTo(Optional.of(TestAccess.METHOD));
  }
}
