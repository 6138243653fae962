package org.parley.bench;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.parley.mqtt.codec.Decoded;
import org.parley.mqtt.codec.DecoderLimits;
import org.parley.mqtt.codec.PacketDecoder;
import org.parley.mqtt.codec.PacketEncoder;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.Packet;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.packet.UserProperty;

/**
 * One packet of a connection, read and written. As many as fit in one read lie behind each other in
 * memory outside of the heap, where the network library has them; as many go out in one write.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@Threads(1)
public class PacketCodec {
  /** In one read or write. */
  private static final int PACKETS = 32;

  private static final int MAXIMUM_PACKET = 1 << 20;
  private static final int MAXIMUM_CONNECT = 1 << 18;
  private static final TopicName TOPIC = TopicName.of("site/3/meter/17/state");

  /** What is read and written. */
  public enum Kind {
    QOS0_64B,
    QOS1_64B,
    /** Before 5.0 the same without its properties. */
    QOS1_1KIB_PROPERTIES,
    PUBACK
  }

  @Param({"V3_1_1", "V5"})
  public ProtocolVersion version;

  @Param public Kind kind;

  private final Packet[] packets = new Packet[PACKETS];
  private final PacketEncoder encoder = new PacketEncoder();
  private PacketDecoder decoder;
  private ByteBuffer bytes;

  /** Makes the packets and their bytes, and sees that each comes back as what it was. */
  @Setup
  public void prepare() {
    for (int i = 0; i < PACKETS; i++) {
      packets[i] = packet(i + 1);
      if (!encoder.encode(packets[i], version, MAXIMUM_PACKET, true)) {
        throw new IllegalStateException("not written: " + packets[i]);
      }
    }
    bytes = ByteBuffer.allocateDirect(encoder.size()).put(encoder.written()).flip();
    encoder.reset();
    decoder = new PacketDecoder(new DecoderLimits(MAXIMUM_PACKET, MAXIMUM_CONNECT, true), version);
    for (var packet : packets) {
      if (!(decoder.decode(bytes) instanceof Decoded.Complete(var read, _))
          || !read.equals(packet)) {
        throw new IllegalStateException("not read: " + packet);
      }
    }
  }

  private Packet packet(int packetId) {
    return switch (kind) {
      case QOS0_64B -> publish(QoS.AT_MOST_ONCE, 0, MessageProperties.NONE, 64);
      case QOS1_64B -> publish(QoS.AT_LEAST_ONCE, packetId, MessageProperties.NONE, 64);
      case QOS1_1KIB_PROPERTIES -> publish(QoS.AT_LEAST_ONCE, packetId, properties(), 1024);
      case PUBACK -> new Puback(packetId, ReasonCode.SUCCESS);
    };
  }

  private static Publish publish(QoS qos, int packetId, MessageProperties properties, int size) {
    var payload = new byte[size];
    Arrays.fill(payload, (byte) '7');
    return new Publish(
        false,
        qos,
        false,
        TOPIC,
        packetId,
        Publish.NO_ALIAS,
        List.of(),
        properties,
        BinaryData.of(payload));
  }

  private MessageProperties properties() {
    return version.hasProperties()
        ? new MessageProperties(
            OptionalInt.of(1),
            OptionalLong.of(3600),
            Optional.of("application/json"),
            Optional.of("site/3/answers/17"),
            Optional.of(BinaryData.of(new byte[16])),
            List.of(new UserProperty("unit", "kWh"), new UserProperty("source", "meter 17")))
        : MessageProperties.NONE;
  }

  /** Reads one. */
  @Benchmark
  @OperationsPerInvocation(PACKETS)
  public void decode(Blackhole taken) {
    bytes.rewind();
    while (bytes.hasRemaining()) {
      taken.consume(decoder.decode(bytes));
    }
  }

  /** Writes one: a message by its fields, as a delivery is, anything else as a packet. */
  @Benchmark
  @OperationsPerInvocation(PACKETS)
  public ByteBuffer encode() {
    encoder.reset();
    for (var packet : packets) {
      boolean written =
          packet instanceof Publish publish
              ? encoder.encodePublish(
                  version,
                  MAXIMUM_PACKET,
                  publish.dup(),
                  publish.qos(),
                  publish.retain(),
                  publish.topic(),
                  publish.packetId(),
                  publish.topicAlias(),
                  publish.subscriptionIds(),
                  publish.properties(),
                  publish.payload())
              : encoder.encode(packet, version, MAXIMUM_PACKET, true);
      if (!written) {
        throw new IllegalStateException("not written");
      }
    }
    return encoder.written();
  }
}
