package org.parley.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebSocketInputTest {
  private final List<String> events = new ArrayList<>();

  @Test
  void givenConnectionThatIsOpened_whenItsEndpointAsks_thenItHearsOfBytesAndMayFlush() {
    var connection = new WebSocketInput(() -> events.add("flushed"));
    connection.bytesCame();
    ScopedValue.where(WebSocketInput.OPENING, connection)
        .run(() -> WebSocketInput.ofOpening().onBytes(() -> events.add("bytes")));

    connection.bytesCame();
    connection.beforeWait();

    assertThat(events).containsExactly("bytes", "flushed");
  }

  @Test
  void givenAnotherEngine_whenItsEndpointAsks_thenNothingHappens() {
    var input = WebSocketInput.ofOpening();
    input.onBytes(() -> events.add("bytes"));

    input.beforeWait();

    assertThat(events).isEmpty();
  }
}
