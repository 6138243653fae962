package org.parley.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.Acknowledgement.Pubcomp;
import org.parley.mqtt.packet.Acknowledgement.Pubrec;
import org.parley.mqtt.packet.ProblemInformation;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.UserProperty;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.PublishBytes;

/** Request Problem Information, and what is said about refused messages: section 3.1.2.11.7. */
class ProblemInformationConformanceTest extends BrokerUnderTest {

  @ParameterizedTest
  @Tag("MQTT-3.1.2-29")
  @Tag("edge-178")
  @ValueSource(ints = {0, 1})
  void givenNoProblemInformationWanted_whenRequestsFail_thenOnlyReasonCodesAreTold(int wanted) {
    broker().access().denied.add("denied");
    var peer = peer(ConnectBytes.v5("c").properties(Bytes.empty().u8(0x17).u8(wanted)));

    var puback = peer.send(PublishBytes.of("denied", "x").qos(1, 1)).next(Puback.class);
    var pubrec = peer.send(PublishBytes.of("denied", "x").qos(2, 2)).next(Pubrec.class);
    var pubcomp = peer.pubrel(9).next(Pubcomp.class);
    var suback = peer.subscribe("denied", 0);
    var unsuback = peer.unsubscribe("a/#/b");

    assertThat(puback.reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    assertThat(pubrec.reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    assertThat(pubcomp.reason()).isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
    assertThat(suback.reasons()).containsExactly(ReasonCode.NOT_AUTHORIZED);
    assertThat(unsuback.reasons()).containsExactly(ReasonCode.TOPIC_FILTER_INVALID);
    if (wanted == 0) {
      assertThat(puback.problem()).isEqualTo(ProblemInformation.NONE);
      assertThat(pubrec.problem()).isEqualTo(ProblemInformation.NONE);
      assertThat(pubcomp.problem()).isEqualTo(ProblemInformation.NONE);
      assertThat(suback.problem()).isEqualTo(ProblemInformation.NONE);
      assertThat(unsuback.problem()).isEqualTo(ProblemInformation.NONE);
    }
  }

  @ParameterizedTest
  @Tag("MQTT-3.1.2-29")
  @Tag("edge-178")
  @ValueSource(ints = {0, 1})
  void givenNoProblemInformationWanted_whenAMessageHasUserProperties_thenTheyArrive(int wanted) {
    var peer = peer(ConnectBytes.v5("c").properties(Bytes.empty().u8(0x17).u8(wanted)));
    peer.subscribe("t", 0);

    peer("p")
        .send(PublishBytes.of("t", "x").properties(Bytes.empty().u8(0x26).string("a").string("b")));

    assertThat(peer.nextPublish().properties().userProperties())
        .containsExactly(new UserProperty("a", "b"));
  }

  @ParameterizedTest
  @Tag("edge-179")
  @CsvSource({"V5,0", "V5,1", "V5,2", "V3_1_1,0", "V3_1_1,1", "V3_1_1,2", "V3_1,0", "V3_1,1"})
  void givenTopicThatIsNotAllowed_whenPublished_thenNobodyHearsItAndOnlyAClientOf5IsTold(
      ProtocolVersion version, int qos) {
    broker().access().denied.add("denied");
    var watcher = peer("watcher");
    watcher.subscribe("#", 2);
    var peer = peer(ConnectBytes.of(version, "c"));

    peer.send(PublishBytes.of("denied", "x").qos(qos, 7));

    var expected = version == ProtocolVersion.V5 ? ReasonCode.NOT_AUTHORIZED : ReasonCode.SUCCESS;
    if (qos == 1) {
      assertThat(peer.next(Puback.class).reason()).isEqualTo(expected);
    } else if (qos == 2) {
      assertThat(peer.next(Pubrec.class).reason()).isEqualTo(expected);
    }
    peer.expectNothing();
    watcher.expectNothing();
  }
}
