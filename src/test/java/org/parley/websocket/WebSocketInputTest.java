package org.parley.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebSocketInputTest {
  private final List<String> events = new ArrayList<>();

  @Test
  void givenConnectionThatIsOpened_whenItsEndpointAsks_thenItHearsOfBytesAndMayFlush() {
    var connection = new WebSocketInput(() -> events.add("flushed"), () -> events.add("aborted"));
    connection.bytesCame();
    ScopedValue.where(WebSocketInput.OPENING, connection)
        .run(
            () -> {
              WebSocketInput.ofOpening().onBytes(() -> events.add("bytes"));
              WebSocketInput.ofOpening().onEnd(() -> events.add("end"));
            });

    connection.bytesCame();
    connection.beforeWait();
    connection.bytesEnded();

    assertThat(events).containsExactly("bytes", "flushed", "end");
    assertThat(connection.endsRounds()).isTrue();
    assertThat(connection.abort()).isTrue();
    assertThat(events).endsWith("aborted");
  }

  @Test
  void givenAnotherEngine_whenItsEndpointAsks_thenNothingHappens() {
    var input = WebSocketInput.ofOpening();
    input.onBytes(() -> events.add("bytes"));

    input.beforeWait();

    assertThat(events).isEmpty();
    assertThat(input.endsRounds()).isFalse();
    assertThat(input.abort()).isFalse();
  }
}
