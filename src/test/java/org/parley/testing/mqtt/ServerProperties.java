package org.parley.testing.mqtt;

import static org.parley.testing.mqtt.ServerPacketReader.require;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connack;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.ProblemInformation;
import org.parley.mqtt.packet.UserProperty;

/** The properties of a server's packet, by identifier; each value in its order. */
record ServerProperties(Map<Integer, List<Object>> values) {
  static final ServerProperties NONE = new ServerProperties(Map.of());

  /** The types of section 2.2.2.2: Byte, Two Byte, Four Byte, Variable, Text, Data, Pair. */
  private static final Map<Integer, Character> TYPES = types();

  private static Map<Integer, Character> types() {
    var types = new HashMap<Integer, Character>();
    put(types, 'B', 0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A);
    put(types, '2', 0x13, 0x21, 0x22, 0x23);
    put(types, '4', 0x02, 0x11, 0x18, 0x27);
    put(types, 'V', 0x0B);
    put(types, 'T', 0x03, 0x08, 0x12, 0x15, 0x1A, 0x1C, 0x1F);
    put(types, 'D', 0x09, 0x16);
    put(types, 'P', 0x26);
    return Map.copyOf(types);
  }

  private static void put(Map<Integer, Character> types, char type, int... identifiers) {
    for (int identifier : identifiers) {
      types.put(identifier, type);
    }
  }

  /**
   * Reads a block.
   *
   * @param allowed identifiers in hexadecimal; a star says that it may stand more than once
   */
  static ServerProperties read(ByteBuffer body, String allowed) {
    int length = variableByteInteger(body);
    require(length <= body.remaining(), "a property block within its packet");
    var block = body.slice(body.position(), length);
    body.position(body.position() + length);
    var values = new HashMap<Integer, List<Object>>();
    while (block.hasRemaining()) {
      int identifier = variableByteInteger(block);
      var written = "%02X".formatted(identifier);
      require(allowed.contains(written), "a property that may stand there: " + written);
      var earlier = values.computeIfAbsent(identifier, _ -> new ArrayList<>());
      boolean repeatable = identifier == 0x26 || allowed.contains(written + "*");
      require(earlier.isEmpty() || repeatable, "a property once: " + written);
      earlier.add(value(block, identifier));
    }
    return new ServerProperties(values);
  }

  private static Object value(ByteBuffer block, int identifier) {
    return switch (TYPES.getOrDefault(identifier, '?')) {
      case 'B' -> flag(block);
      case '2' -> number(block, 2, identifier != 0x22 && identifier != 0x13);
      case '4' -> number(block, 4, identifier == 0x27);
      case 'V' -> {
        long id = variableByteInteger(block);
        require(id != 0, "a Subscription Identifier that is not 0");
        yield id;
      }
      case 'T' -> text(block, identifier);
      case 'D' -> BinaryData.of(binary(block));
      case 'P' ->
          new UserProperty(
              ServerPacketReader.text(binary(block)), ServerPacketReader.text(binary(block)));
      default -> throw new AssertionError("no property: " + identifier);
    };
  }

  /** All properties of one byte are 0 or 1. */
  private static Object flag(ByteBuffer block) {
    long value = number(block, 1, false);
    require(value <= 1, "0 or 1");
    return value;
  }

  private static long number(ByteBuffer block, int length, boolean notZero) {
    require(block.remaining() >= length, "a whole number");
    long value = 0;
    for (int i = 0; i < length; i++) {
      value = value * 256 + (block.get() & 0xFF);
    }
    require(!notZero || value != 0, "a property that is not 0");
    return value;
  }

  private static Object text(ByteBuffer block, int identifier) {
    var text = ServerPacketReader.text(binary(block));
    require(identifier != 0x08 || text.matches("[^+#]+"), "a Response Topic to publish to");
    return text;
  }

  /** Reads two bytes of length and the data. */
  static byte[] binary(ByteBuffer from) {
    int length = (int) number(from, 2, false);
    require(from.remaining() >= length, "a whole field");
    var data = new byte[length];
    from.get(data);
    return data;
  }

  /** Reads an integer in its shortest form [MQTT-1.5.5-1]. */
  static int variableByteInteger(ByteBuffer from) {
    int value = 0;
    int factor = 1;
    for (int i = 0; i < 4; i++) {
      require(from.hasRemaining(), "a whole integer");
      int next = from.get() & 0xFF;
      value += (next & 127) * factor;
      factor *= 128;
      if (next < 128) {
        require(next != 0 || i == 0, "the shortest form of an integer");
        return value;
      }
    }
    throw new AssertionError("an integer of more than four bytes");
  }

  List<Object> all(int identifier) {
    return values.getOrDefault(identifier, List.of());
  }

  OptionalLong number(int identifier) {
    return all(identifier).stream().mapToLong(Long.class::cast).findFirst();
  }

  private OptionalInt integer(int identifier) {
    return all(identifier).stream().mapToInt(value -> ((Long) value).intValue()).findFirst();
  }

  private Optional<Boolean> flag(int identifier) {
    return all(identifier).stream().findFirst().map(value -> (Long) value == 1);
  }

  Optional<String> text(int identifier) {
    return all(identifier).stream().findFirst().map(String.class::cast);
  }

  Optional<BinaryData> data(int identifier) {
    return all(identifier).stream().findFirst().map(BinaryData.class::cast);
  }

  private List<UserProperty> user() {
    return all(0x26).stream().map(UserProperty.class::cast).toList();
  }

  ProblemInformation ofProblem() {
    return new ProblemInformation(text(0x1F), user());
  }

  MessageProperties ofMessage() {
    return new MessageProperties(
        integer(0x01), number(0x02), text(0x03), text(0x08), data(0x09), user());
  }

  Connack.Properties ofConnack() {
    require(text(0x15).isPresent() || data(0x16).isEmpty(), "a method with Authentication Data");
    return new Connack.Properties(
        number(0x11),
        integer(0x21),
        integer(0x24),
        flag(0x25),
        number(0x27),
        text(0x12),
        integer(0x22).orElse(0),
        text(0x1F),
        user(),
        flag(0x28),
        flag(0x29),
        flag(0x2A),
        integer(0x13),
        text(0x1A),
        text(0x1C),
        text(0x15),
        data(0x16));
  }
}
