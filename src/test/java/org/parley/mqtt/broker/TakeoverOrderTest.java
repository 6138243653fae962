package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.ServerPacketReader;
import org.parley.testing.mqtt.UnwiredBroker;

/** Connections of one client, whose owners have their turns in an order that a test chooses. */
class TakeoverOrderTest {
  private static final int PLENTY = 1 << 20;

  private final UnwiredBroker broker = UnwiredBroker.start(_ -> {}, (_, task) -> task.run());

  /** A wire and what was written to it. */
  private final class Line {
    private final List<Packet> written = new ArrayList<>();
    private final ManualWire wire;
    private boolean finished;
    private int untaken;

    Line(int most) {
      wire = new ManualWire(new Random(1), most);
      wire.open(
          broker.broker(),
          _ -> {},
          (bytes, length) -> {
            written.add(ServerPacketReader.read(bytes, ProtocolVersion.V5));
            untaken += length;
          },
          () -> finished = true);
    }

    Line says(Said said) {
      wire.send(said, ProtocolVersion.V5);
      wire.arrive();
      return this;
    }

    Line runs() {
      wire.runTasks();
      return this;
    }

    Line takesAll() {
      wire.taken(untaken);
      untaken = 0;
      return this;
    }

    List<String> payloads() {
      return written.stream()
          .filter(Publish.class::isInstance)
          .map(packet -> Peer.text((Publish) packet))
          .toList();
    }
  }

  private static Said.Connect connect(String clientId, int receiveMaximum) {
    return new Said.Connect(
        ProtocolVersion.V5, clientId, false, Said.NEVER, receiveMaximum, 0, 0, null);
  }

  private static Said.Publish publish(int packetId, String payload, long expirySeconds) {
    return new Said.Publish(
        packetId, false, 0, true, new Said.Content("p", "x", payload, 1, false, expirySeconds));
  }

  @Test
  void givenTakeoverThatWaitsForAnother_whenItIsTakenOverItself_thenTheLastOneWaitsForBoth() {
    var first = new Line(PLENTY).says(connect("c", 0)).runs().runs();
    var second = new Line(PLENTY).says(connect("c", 0)).runs();
    var third = new Line(PLENTY).says(connect("c", 0)).runs();

    second.runs();
    third.runs();

    assertThat(first.written).hasExactlyElementsOfTypes(Connack.class);
    assertThat(third.written).isEmpty();

    first.runs();
    second.runs();

    assertThat(first.finished).isTrue();
    assertThat(second.finished).isTrue();
    assertThat(third.written).isEmpty();

    third.runs();

    assertThat(third.written).hasExactlyElementsOfTypes(Connack.class);
  }

  @Test
  void givenSlowPeerThatIsTakenOver_whenItTakesMore_thenNothingIsSentThatTheNextHasToRepeat() {
    var publisher = new Line(PLENTY).says(connect("p", 0)).runs().runs();
    var former = new Line(1).says(connect("c", 1)).runs().runs();
    former.says(new Said.Subscribe(1, 0, List.of(new Said.Wish("x", 1)))).runs();
    publisher.says(publish(1, "over", 1)).says(publish(2, "kept", Said.NO_EXPIRY));
    former.runs();
    broker.advance(Duration.ofSeconds(2));
    former.takesAll();
    var next = new Line(PLENTY).says(connect("c", 1)).runs();

    former.runs();
    next.runs();

    assertThat(former.payloads()).isEmpty();
    assertThat(former.finished).isTrue();
    assertThat(next.payloads()).containsExactly("over");
    next.says(new Said.Answer(Said.Answer.PUBACK, 1, false)).runs();
    assertThat(next.payloads()).containsExactly("over", "kept");
  }
}
