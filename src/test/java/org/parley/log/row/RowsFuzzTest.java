package org.parley.log.row;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.MessageProperties;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.state.Message;
import org.parley.testing.Allocation;

/**
 * Any bytes at all: a row or {@link RowException}, and no more memory than the bytes ask for. What
 * was taken is the same once it was written and read again, in no more bytes. The first byte of an
 * input says what kind of row it is.
 */
class RowsFuzzTest {
  private static final long SEQUENCE = 7;
  private static final int KINDS = 7;

  /** Of memory: what any row may ask for, and what one byte may. */
  private static final long ANY_ROW = 1L << 20;

  private static final long A_BYTE = 200;

  private static final Message ELSEWHERE =
      Message.received(
          "p",
          TopicName.of("t"),
          QoS.AT_LEAST_ONCE,
          false,
          MessageProperties.NONE,
          BinaryData.EMPTY,
          1);

  /** A value and its bytes. */
  private record Row(Object value, BinaryData bytes) {
    static Row of(Object value, byte[] bytes) {
      return new Row(value, BinaryData.of(bytes));
    }
  }

  @FuzzTest(maxDuration = "10m")
  void givenAnyBytes_whenDecoded_thenARowOrNone(byte[] input) {
    if (input.length == 0) {
      return;
    }
    int kind = (input[0] & 0xFF) % KINDS;
    var bytes = Arrays.copyOfRange(input, 1, input.length);
    var row = decode(kind, bytes);

    long before = Allocation.soFar(); // once its classes are loaded
    var same = decode(kind, bytes);
    long taken = Allocation.soFar() - before;
    assertThat(taken).isLessThan(ANY_ROW + A_BYTE * input.length);
    assertThat(same.isPresent()).isEqualTo(row.isPresent());
    if (row.isPresent()) {
      var written = row.get().bytes();
      assertThat(written.length()).isLessThanOrEqualTo(bytes.length);
      var again = decode(kind, written.toByteArray()).orElseThrow();
      assertThat(again.value()).isEqualTo(row.get().value());
      assertThat(again.bytes()).isEqualTo(written);
    }
  }

  /** Those of odd numbers are there. */
  private static @Nullable Message message(long number) {
    return number % 2 == 0 ? null : ELSEWHERE;
  }

  private static Optional<Row> decode(int kind, byte[] bytes) {
    try {
      return switch (kind) {
        case 0 -> {
          var message = MessageRow.decode(bytes);
          yield Optional.of(Row.of(message, MessageRow.encode(message)));
        }
        case 1 -> {
          var session = SessionRow.decode(SEQUENCE, bytes);
          yield Optional.of(Row.of(session, SessionRow.encode(session)));
        }
        case 2 -> {
          var will = SessionRow.decodeWill(SEQUENCE, bytes);
          yield Optional.of(Row.of(will, SessionRow.encode(will)));
        }
        case 3 -> {
          var subscription = SubscriptionRow.decode(bytes);
          yield Optional.of(Row.of(subscription, subscription.encode()));
        }
        case 4 -> {
          var entry = EntryRow.decode(bytes, SEQUENCE, RowsFuzzTest::message);
          yield Optional.ofNullable(entry).map(row -> Row.of(row, row.encode()));
        }
        case 6 -> {
          var retained = RetainedRow.decode(bytes);
          yield Optional.of(Row.of(retained, RetainedRow.encode(retained)));
        }
        default -> {
          ReasonCode outcome = EntryRow.outcome(bytes);
          yield Optional.of(Row.of(outcome, new byte[] {(byte) outcome.value()}));
        }
      };
    } catch (RowException e) {
      assertThat(e).hasMessageNotContaining("null");
      return Optional.empty();
    }
  }
}
