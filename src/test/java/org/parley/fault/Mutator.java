package org.parley.fault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.parley.testing.mqtt.Bytes;

/** Makes of what a client has said what no client says, by a seed. */
final class Mutator {
  private static final int[] ODD = {0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF};
  private static final int MOST_BYTES = 1 << 16;
  private static final int MOST_CHANGES = 4;

  private final Random random;

  Mutator(long seed) {
    random = new Random(seed);
  }

  /** Returns a sequence with a few changes; some packets stay as they were. */
  List<byte[]> sequence(List<byte[]> packets) {
    var sequence = new ArrayList<>(packets);
    for (int i = random.nextInt(MOST_CHANGES); i >= 0; i--) {
      int at = random.nextInt(sequence.size());
      switch (random.nextInt(10)) {
        case 0 -> Collections.swap(sequence, at, random.nextInt(sequence.size()));
        case 1 -> sequence.add(at, sequence.get(random.nextInt(sequence.size())));
        case 2 -> {
          if (sequence.size() > 1) {
            sequence.remove(at);
          }
        }
        default -> sequence.set(at, packet(sequence.get(at)));
      }
    }
    return sequence;
  }

  /** Returns a packet with one change. */
  byte[] packet(byte[] packet) {
    if (packet.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    var changed = packet.clone();
    int at = random.nextInt(changed.length);
    switch (random.nextInt(8)) {
      case 0, 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> changed[at] = (byte) random.nextInt();
      case 3 -> changed = inserted(changed, at, bytes(1 + random.nextInt(8)));
      case 4 -> changed = Arrays.copyOf(changed, at);
      case 5 -> changed = repeated(changed, at);
      case 6 -> changed[Math.min(changed.length - 1, 1 + random.nextInt(4))] = odd();
      default -> {
        changed[at] = odd();
        changed[Math.min(changed.length - 1, at + 1)] = odd();
      }
    }
    return changed;
  }

  private byte odd() {
    return (byte) ODD[random.nextInt(ODD.length)];
  }

  private byte[] bytes(int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] inserted(byte[] packet, int at, byte... more) {
    return Bytes.empty()
        .raw(Arrays.copyOf(packet, at))
        .raw(more)
        .raw(Arrays.copyOfRange(packet, at, packet.length))
        .toByteArray();
  }

  private byte[] repeated(byte[] packet, int at) {
    var slice = Arrays.copyOfRange(packet, at, at + 1 + random.nextInt(packet.length - at));
    var more = Bytes.empty();
    int times = 1 + random.nextInt(random.nextInt(50) == 0 ? 2_000 : 4);
    for (int i = 0; i < times && (i + 1) * slice.length < MOST_BYTES; i++) {
      more.raw(slice);
    }
    return inserted(packet, at, more.toByteArray());
  }
}
