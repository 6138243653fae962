package org.parley.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.websocket.OnMessage;
import jakarta.websocket.PongMessage;
import jakarta.websocket.server.PathParam;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.parley.websocket.protocol.FrameRules;

class EndpointTraitsTest {
  @Test
  void givenBinaryHandlerWithStringPathParameter_whenRead_thenBinaryOnlyWithItsLimit() {
    assertThat(EndpointTraits.of(BinaryEndpoint.class))
        .isEqualTo(new EndpointTraits(false, true, 100));
  }

  @Test
  void givenTextHandlerWithoutLimit_whenRead_thenTextOnly() {
    assertThat(EndpointTraits.of(TextEndpoint.class))
        .isEqualTo(new EndpointTraits(true, false, Long.MAX_VALUE));
  }

  @Test
  void givenNoHandler_whenRead_thenUnknown() {
    assertThat(EndpointTraits.of(Object.class)).isEqualTo(EndpointTraits.UNKNOWN);
  }

  @Test
  void givenTraits_whenRulesAreNarrowed_thenNeverWidened() {
    FrameRules narrowed =
        new EndpointTraits(false, true, 100).narrow(WebSocketLimits.DEFAULTS.rules());
    assertThat(narrowed).isEqualTo(new FrameRules(100, 100, 4096, false, true));
    assertThat(EndpointTraits.UNKNOWN.narrow(WebSocketLimits.DEFAULTS.rules()))
        .isEqualTo(WebSocketLimits.DEFAULTS.rules());
  }

  /** Takes binary messages and pongs. */
  public static final class BinaryEndpoint {
    @OnMessage(maxMessageSize = 100)
    public void message(@PathParam("client_type") String type, ByteBuffer bytes, boolean last) {}

    @OnMessage
    public void pong(PongMessage pong) {}
  }

  /** Takes text messages. */
  public static final class TextEndpoint {
    @OnMessage
    public void message(String text) {}
  }
}
