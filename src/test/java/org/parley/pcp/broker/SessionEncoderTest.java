package org.parley.pcp.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.pcp.broker.V1Frames.SENDER;
import static org.parley.pcp.broker.V1Frames.message;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.parley.core.Outbound;
import org.parley.core.RecordingConnection;
import org.parley.pcp.codec.Decoded;
import org.parley.pcp.codec.PcpV1Codec;
import org.parley.pcp.codec.PcpV2Codec;
import org.parley.pcp.codec.VersionTranslator;
import org.parley.pcp.message.PcpUri;
import org.parley.pcp.message.V1Message;
import org.parley.session.ClientSession;
import org.parley.session.ClientUri;
import org.parley.session.Protocol;
import org.parley.session.TestSessions;

class SessionEncoderTest {
  private final PcpV1Codec v1 = new PcpV1Codec();
  private final SessionEncoder encoder =
      new SessionEncoder(v1, new PcpV2Codec(), new VersionTranslator(64), Optional.empty());

  private static ClientSession session(String commonName, Protocol protocol) {
    return new ClientSession(
        new ClientUri(commonName, "agent"),
        TestSessions.principal(commonName),
        protocol,
        new RecordingConnection());
  }

  private V1Message decoded(byte[] frame) {
    return switch (v1.decode(ByteBuffer.wrap(frame))) {
      case Decoded.Complete(var message) -> message;
      case Decoded.Rejected(var detail) -> throw new AssertionError(detail);
    };
  }

  private static Optional<Outbound> write(SessionEncoder.Relay relay, ClientSession receiver) {
    return relay.to(receiver, PcpUri.of(receiver.uri()));
  }

  @Test
  void givenManyReceiversOfVersion1_whenWritten_thenTheyShareOneFrame() {
    var relay = encoder.relay(decoded(message("t", "1", "pcp://*/agent")), new PcpUri(SENDER));

    var first = write(relay, session("client02", Protocol.PCP_V1)).orElseThrow();
    var second = write(relay, session("client03", Protocol.PCP_V1)).orElseThrow();

    assertThat(second).isSameAs(first);
  }

  @Test
  void givenReceiversOfBothVersions_whenWritten_thenEachIsNamedInItsOwn() {
    var relay = encoder.relay(decoded(message("t", "1", "pcp://*/agent")), new PcpUri(SENDER));

    assertThat(write(relay, session("client02", Protocol.PCP_V1))).isPresent();
    for (var name : new String[] {"client03", "client04"}) {
      var uri = "pcp://" + name + "/agent";
      var text =
          BrokerFixture.message(
              "t", BrokerFixture.to(uri) + BrokerFixture.sentBy(SENDER) + ",\"data\":1");
      assertThat(write(relay, session(name, Protocol.PCP_V2))).contains(Outbound.Text.of(text));
    }
  }

  @Test
  void givenDataThatIsNoJson_whenWrittenForBoth_thenOnlyVersion1SaysIt() {
    var relay = encoder.relay(decoded(message("t", "{", "pcp://*/agent")), new PcpUri(SENDER));

    assertThat(write(relay, session("client02", Protocol.PCP_V2))).isEmpty();
    assertThat(write(relay, session("client03", Protocol.PCP_V1))).isPresent();
    assertThat(write(relay, session("client04", Protocol.PCP_V2))).isEmpty();
  }
}
