package org.parley.pcp.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.stream.JsonLocation;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import java.lang.reflect.Proxy;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.parley.pcp.message.JsonText;

/** What the reader needs of the JSON-P provider, and what it takes from it safely. */
class StrictJsonReaderTest {
  @Test
  void givenProviderWithoutOffsets_whenChecked_thenRefusedAtTheStart() {
    JsonLocation unknown = provider(JsonLocation.class, -1L);
    JsonParser parser = provider(JsonParser.class, unknown);
    JsonParserFactory factory = provider(JsonParserFactory.class, parser);

    assertThatThrownBy(() -> StrictJsonReader.requireEndOffsets(factory))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void givenManyThreads_whenDecodingAtOnce_thenNobodySeesAnothersText() {
    var codec = new PcpV2Codec();
    String start =
        "{\"id\":\"01234567-89ab-cdef-0123-456789abcdef\",\"message_type\":\"t\",\"data\":";

    var wrong =
        IntStream.range(0, 4_000)
            .parallel()
            .filter(
                i -> {
                  String data = "[" + i + ",\"" + ("\\u00e9" + i).repeat(i % 1_500) + "\"]";
                  return !(codec.decode(start + data + "}") instanceof Decoded.Complete(var message)
                      && message.data().orElseThrow().equals(new JsonText(data)));
                });

    assertThat(wrong.boxed()).isEmpty();
  }

  /** Answers every call with the one value if it is of the right type, and else with nothing. */
  private static <T> T provider(Class<T> type, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                method.getReturnType().isInstance(answer) || answer instanceof Long
                    ? answer
                    : null));
  }
}
