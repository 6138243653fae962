package org.parley.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.websocket.protocol.ClientFrames.frame;
import static org.parley.websocket.protocol.ClientFrames.join;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.websocket.protocol.FrameGuard;
import org.parley.websocket.protocol.FrameRules;

/** For how long a message has been on its way, through every way in which it can be. */
class InputClockTest {
  private static final FrameRules RULES = new FrameRules(1 << 20, 1 << 20, 4096, true, true);

  private final ByteBuffer out = ByteBuffer.allocate(InboundFrames.OUT_BYTES);
  private final InboundFrames frames = new InboundFrames(new FrameGuard(RULES), _ -> {});
  private final InputClock clock = new InputClock();

  /** What comes in at a moment; processing it takes no time. */
  private void receive(long now, byte... bytes) {
    clock.suspend();
    assertThat(frames.receive(ByteBuffer.wrap(bytes), out)).isNull();
    clock.resume(frames, now);
  }

  private static byte[] part(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  @Test
  void givenWholeMessages_whenAsked_thenNoneIsOnItsWay() {
    assertThat(clock.unfinishedNanos(5)).isZero();

    receive(10, join(frame(0x81, new byte[3]), frame(0x89)));

    assertThat(clock.unfinishedNanos(1_000)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 6, 7, 8})
  void givenFrameDrippedByteByByte_whenAsked_thenSinceItsFirstByte(int dripped) {
    byte[] whole = frame(0x81, new byte[3]);
    for (int i = 0; i < dripped; i++) {
      receive(100 + i, whole[i]);
    }

    assertThat(clock.unfinishedNanos(300)).isEqualTo(200);
  }

  @Test
  void givenFragmentsWithPingsBetween_whenAsked_thenSinceTheFirstFragment() {
    receive(100, frame(0x01, new byte[3]));
    receive(200, frame(0x89));
    receive(300, frame(0x00, new byte[3]));
    assertThat(clock.unfinishedNanos(400)).isEqualTo(300);

    receive(500, frame(0x80));

    assertThat(clock.unfinishedNanos(600)).isZero();
  }

  @Test
  void givenReadsThatEachEndInTheMiddle_whenAsked_thenSinceTheMessageThatIsUnfinished() {
    byte[] message = frame(0x81, new byte[20]);
    receive(100, part(message, 0, 10));
    receive(200, join(part(message, 10, message.length), part(message, 0, 10)));

    assertThat(clock.unfinishedNanos(250)).isEqualTo(50);
  }

  @Test
  void givenControlFrameCutInTwo_whenAMessageBeginsBehindIt_thenSinceThat() {
    byte[] ping = frame(0x89, new byte[5]);
    receive(100, part(ping, 0, 3));
    receive(200, join(part(ping, 3, ping.length), part(ping, 0, 1)));

    assertThat(clock.unfinishedNanos(250)).isEqualTo(50);
  }

  @Test
  void givenInputThatIsBeingProcessed_whenAsked_thenThePeerIsNotSlow() {
    receive(100, frame(0x01, new byte[3]));

    clock.suspend();

    assertThat(clock.unfinishedNanos(1_000)).isZero();
  }
}
