package org.parley.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.websocket.OnMessage;
import jakarta.websocket.PongMessage;
import jakarta.websocket.server.PathParam;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

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
        FrameRules.of(WebSocketLimits.DEFAULTS).narrowedTo(new EndpointTraits(false, true, 100));
    assertThat(narrowed).isEqualTo(new FrameRules(100, 100, 4096, false, true));
    assertThat(FrameRules.of(WebSocketLimits.DEFAULTS).narrowedTo(EndpointTraits.UNKNOWN))
        .isEqualTo(FrameRules.of(WebSocketLimits.DEFAULTS));
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
