package org.parley.testing;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** PCP version 1 messages, as tests write and read them; knows nothing of the broker's codec. */
public final class V1 {
  public static final String NEVER = "2999-12-31T23:59:59Z";
  public static final String EPOCH = "1970-01-01T00:00:00.000Z";

  /**
   * A frame taken apart.
   *
   * @param envelope of the first chunk
   * @param chunks what follows it, each with its type in front: {@code 2:...}
   */
  public record Parsed(JsonObject envelope, List<String> chunks) {
    /** This frame without the id of its message, which must be a UUID. */
    public Parsed withoutId() {
      var id = envelope.getString("id");
      if (!UUID.fromString(id).toString().equals(id)) {
        throw new AssertionError("no UUID: " + id);
      }
      return new Parsed(Json.createObjectBuilder(envelope).remove("id").build(), chunks);
    }
  }

  private V1() {}

  /** A frame of chunks. */
  public static byte[] frame(byte[]... chunks) {
    int size = 1;
    for (var chunk : chunks) {
      size += chunk.length;
    }
    var frame = ByteBuffer.allocate(size).put((byte) 1);
    for (var chunk : chunks) {
      frame.put(chunk);
    }
    return frame.array();
  }

  /** A chunk with any first byte. */
  public static byte[] chunk(int descriptor, byte[] content) {
    return ByteBuffer.allocate(5 + content.length)
        .put((byte) descriptor)
        .putInt(content.length)
        .put(content)
        .array();
  }

  /** An envelope chunk; the JSON is taken as it is. */
  public static byte[] envelope(String json) {
    return chunk(1, json.getBytes(StandardCharsets.UTF_8));
  }

  public static byte[] data(String content) {
    return chunk(2, content.getBytes(StandardCharsets.UTF_8));
  }

  public static byte[] debug(String content) {
    return chunk(3, content.getBytes(StandardCharsets.UTF_8));
  }

  /** An envelope as the broker writes it; more fields may be put between it and its last brace. */
  public static String envelope(
      String id, String type, String sender, String expires, String... targets) {
    return "{\"id\":\"%s\",\"message_type\":\"%s\",\"targets\":[%s],\"sender\":\"%s\",\"expires\":\"%s\"}"
        .formatted(id, type, quoted(targets), sender, expires);
  }

  private static String quoted(String... targets) {
    return targets.length == 0 ? "" : "\"" + String.join("\",\"", targets) + "\"";
  }

  /** A message without data that does not expire. */
  public static byte[] message(String id, String type, String sender, String target) {
    return frame(envelope(envelope(id, type, sender, NEVER, target)));
  }

  /** A message with data that does not expire. */
  public static byte[] message(String id, String type, String sender, String target, String data) {
    return frame(envelope(envelope(id, type, sender, NEVER, target)), data(data));
  }

  /** Takes a frame apart; anything but whole chunks, the envelope first, fails the test. */
  public static Parsed parse(byte[] frame) {
    var rest = ByteBuffer.wrap(frame);
    if (rest.getShort() != 0x0101) {
      throw new AssertionError("no version 1 frame that begins with an envelope");
    }
    JsonObject envelope;
    try (var reader = Json.createReader(new StringReader(content(rest)))) {
      envelope = reader.readObject();
    }
    var chunks = new ArrayList<String>();
    while (rest.hasRemaining()) {
      chunks.add(rest.get() + ":" + content(rest));
    }
    return new Parsed(envelope, List.copyOf(chunks));
  }

  private static String content(ByteBuffer rest) {
    var content = new byte[rest.getInt()];
    rest.get(content);
    return new String(content, StandardCharsets.UTF_8);
  }

  /** Bytes as text, one character a byte: two are equal if the bytes are. */
  public static String latin(byte[] frame) {
    return new String(frame, StandardCharsets.ISO_8859_1);
  }
}
