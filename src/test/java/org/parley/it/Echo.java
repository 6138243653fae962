package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.parley.testing.PcpTestClient;

/** A peer that sends a message to itself knows who the broker takes it for. */
final class Echo {
  private Echo() {}

  /** Fails unless this client is {@code pcp://COMMON_NAME/agent}; its session has begun then. */
  static void check(PcpTestClient client, String commonName) throws IOException {
    client.sendText(
        """
        {"id":"22222222-2222-4222-8222-222222222222","message_type":"hello",
        "target":"pcp://%s/agent"}\
        """
            .formatted(commonName));
    assertThat(client.awaitText(ServerUnderTest.SOON))
        .contains("\"message_type\":\"hello\"")
        .contains("\"sender\":\"pcp://" + commonName + "/agent\"");
  }
}
