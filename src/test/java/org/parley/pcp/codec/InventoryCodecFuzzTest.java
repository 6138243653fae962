package org.parley.pcp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.parley.pcp.message.InventoryRequest;
import org.parley.pcp.message.JsonText;

/** Any data of a request: a query within its limit, which can be written again, or one line. */
class InventoryCodecFuzzTest {
  private static final int MOST = 4;
  private static final InventoryCodec CODEC = new InventoryCodec(MOST);

  @FuzzTest(maxDuration = "10m")
  void givenAnyData_whenDecoded_thenARequestOrARejection(byte[] input) {
    var text = new String(input, StandardCharsets.UTF_8);
    if (text.isEmpty()) {
      return;
    }

    var decoded = CODEC.decodeRequest(Optional.of(new JsonText(text)));

    switch (decoded) {
      case InventoryDecoded.Rejected(var reason) ->
          assertThat(reason).isPrintable().startsWith("Invalid inventory_request: ");
      case InventoryDecoded.Complete(var request) -> {
        assertThat(request.query()).hasSizeLessThanOrEqualTo(MOST);
        assertThat(CODEC.decodeRequest(Optional.of(written(request)))).isEqualTo(decoded);
      }
    }
  }

  private static JsonText written(InventoryRequest request) {
    var out = new StringBuilder("{\"query\":[");
    var separator = "";
    for (var uri : request.query()) {
      JsonText.appendString(out.append(separator), uri.text());
      separator = ",";
    }
    return new JsonText(out.append("],\"subscribe\":").append(request.subscribe()) + "}");
  }
}
