package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProtocolVersion;
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

    Line(int most) {
      wire = new ManualWire(new Random(1), most);
      wire.open(
          broker.broker(),
          _ -> {},
          (bytes, _) -> written.add(ServerPacketReader.read(bytes, ProtocolVersion.V5)),
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
  }

  private static Said.Connect connect(String clientId) {
    return new Said.Connect(ProtocolVersion.V5, clientId, false, Said.NEVER, 0, 0, 0, null);
  }

  @Test
  void givenTakeoverThatWaitsForAnother_whenItIsTakenOverItself_thenTheLastOneWaitsForBoth() {
    var first = new Line(PLENTY).says(connect("c")).runs().runs();
    var second = new Line(PLENTY).says(connect("c")).runs();
    var third = new Line(PLENTY).says(connect("c")).runs();

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
}
