package org.parley.log.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.io.TempDir;
import org.parley.testing.mqtt.ChosenBytes;

/**
 * Logs of any bytes, and logs of fragments that the fuzzer chooses. The first byte of an input says
 * which: even, the others are the log.
 */
class LogDamageFuzzTest {
  private static final String NAME = "000007.log";
  private static final int NUMBER = 7;
  private static final int BLOCK = 32 << 10;
  private static final int HEADER = 11;
  private static final int MOST_BYTES = 200 << 10;

  private static final int OLD_WHOLE = 1;
  private static final int WHOLE = 5;
  private static final int FIRST = 6;
  private static final int MIDDLE = 7;
  private static final int LAST = 8;

  @TempDir static Path folder;

  @FuzzTest(maxDuration = "10m")
  void givenAnyLog_whenLooked_thenDamageOnlyBeforeAWriteOfIt(byte[] input) throws IOException {
    if (input.length == 0) {
      return;
    }
    var bytes = Arrays.copyOfRange(input, 1, input.length);
    if (input[0] % 2 == 0) {
      assertIsDamageBeforeAWrite(Arrays.copyOf(bytes, Math.min(bytes.length, MOST_BYTES)));
    } else {
      var chosen = new Chosen(new ChosenBytes(bytes));
      assertThat(look(chosen.log())).isEqualTo(chosen.damage);
    }
  }

  private static void assertIsDamageBeforeAWrite(byte[] log) throws IOException {
    var damage = look(log);

    // A whole block before it changes nothing but the place.
    var behind = new ByteArrayOutputStream();
    behind.writeBytes(fragment(WHOLE, NUMBER, new byte[BLOCK - HEADER]));
    behind.writeBytes(log);
    assertThat(look(behind.toByteArray())).isEqualTo(damage.map(at -> at + BLOCK));
    if (damage.isPresent()) {
      assertThat(damage.get()).isBetween(0, log.length - 1);
      assertThat(look(Arrays.copyOf(log, damage.get()))).isEmpty();
    }
  }

  /** Returns the place of the damage that is found. */
  private static Optional<Integer> look(byte[] log) throws IOException {
    Files.write(folder.resolve(NAME), log);
    return LogDamage.find(folder, () -> 0)
        .map(
            text -> {
              assertThat(text).matches(NAME + " cannot be read at [0-9]{1,6}");
              return Integer.valueOf(text.replaceAll(".* at ", ""));
            });
  }

  private static byte[] fragment(int type, int number, byte[] content) {
    var fragment =
        ByteBuffer.allocate(HEADER + content.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(0)
            .putShort((short) content.length)
            .put((byte) type)
            .putInt(number)
            .put(content);
    var sum = new CRC32C();
    sum.update(fragment.array(), 6, 5 + content.length);
    return fragment.putInt(0, Integer.rotateRight((int) sum.getValue(), 15) + 0xa282ead8).array();
  }

  /** A log of chosen fragments, and where it is damaged by the words of the format. */
  private static final class Chosen {
    private static final int MOST_FRAGMENTS = 64;

    private final ChosenBytes chosen;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private int unread = -1;
    private Optional<Integer> damage = Optional.empty();

    Chosen(ChosenBytes chosen) {
      this.chosen = chosen;
    }

    byte[] log() {
      for (int i = 0; i < MOST_FRAGMENTS && !chosen.isUsedUp(); i++) {
        int left = BLOCK - log.size() % BLOCK;
        if (left < HEADER) {
          log.writeBytes(new byte[left]);
          left = BLOCK;
        }
        if (log.size() + left > MOST_BYTES) {
          break;
        }
        add(chosen.octet() % 9, new byte[chosen.pick(0, 1, 300, 9_000, BLOCK) % (left - 10)]);
      }
      if (chosen.nextBoolean() && log.size() > 0) {
        return Arrays.copyOf(log.toByteArray(), log.size() + chosen.nextInt(HEADER));
      }
      return log.toByteArray();
    }

    private void add(int kind, byte[] content) {
      switch (kind) {
        case 0 -> begins(fragment(WHOLE, NUMBER, content));
        case 1 -> begins(fragment(FIRST, NUMBER, content));
        case 2 -> log.writeBytes(fragment(MIDDLE, NUMBER, content));
        case 3 -> log.writeBytes(fragment(LAST, NUMBER, content));
        case 4 -> cannotBeRead(fragment(WHOLE, NUMBER - 1, content)); // of a former log
        case 5 -> cannotBeRead(fragment(OLD_WHOLE, NUMBER, content));
        case 6 -> cannotBeRead(turned(fragment(WHOLE, NUMBER, content), chosen.nextInt(4)));
        case 7 -> cannotBeRead(turned(fragment(FIRST, NUMBER, content), HEADER - 1));
        default -> cannotBeRead(new byte[HEADER]);
      }
    }

    private static byte[] turned(byte[] fragment, int at) {
      fragment[at] ^= 1;
      return fragment;
    }

    private void begins(byte[] fragment) {
      if (unread >= 0 && damage.isEmpty()) {
        damage = Optional.of(unread);
      }
      log.writeBytes(fragment);
    }

    private void cannotBeRead(byte[] fragment) {
      unread = unread < 0 ? log.size() : unread;
      log.writeBytes(fragment);
    }
  }
}
