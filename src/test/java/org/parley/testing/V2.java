package org.parley.testing;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.UUID;

/** PCP version 2 messages, as tests write and read them. */
public final class V2 {
  public static final String ERROR = "http://puppetlabs.com/error_message";
  public static final String INVENTORY_REQUEST = "http://puppetlabs.com/inventory_request";
  public static final String INVENTORY_RESPONSE = "http://puppetlabs.com/inventory_response";
  public static final String INVENTORY_UPDATE = "http://puppetlabs.com/inventory_update";

  private V2() {}

  public static String id() {
    return UUID.randomUUID().toString();
  }

  /** An identifier that shows its number. */
  public static String id(int number) {
    return "00000000-0000-0000-0000-%012d".formatted(number);
  }

  /** A message without data. */
  public static String message(String id, String type, String target) {
    return "{\"id\":\"%s\",\"message_type\":\"%s\",\"target\":\"%s\"}".formatted(id, type, target);
  }

  /**
   * A message with data.
   *
   * @param data JSON, taken as it is
   */
  public static String message(String id, String type, String target, String data) {
    return "{\"id\":\"%s\",\"message_type\":\"%s\",\"target\":\"%s\",\"data\":%s}"
        .formatted(id, type, target, data);
  }

  /** What the broker makes of {@link #message(String, String, String, String)}. */
  public static String relayed(String id, String type, String target, String sender, String data) {
    return "{\"id\":\"%s\",\"message_type\":\"%s\",\"target\":\"%s\",\"sender\":\"%s\",\"data\":%s}"
        .formatted(id, type, target, sender, data);
  }

  public static JsonObject parse(String text) {
    try (var reader = Json.createReader(new StringReader(text))) {
      return reader.readObject();
    }
  }

  /** A message of the broker's own, without its id, which must be a UUID. */
  public static JsonObject withoutId(String text) {
    var message = parse(text);
    var id = message.getString("id");
    if (!UUID.fromString(id).toString().equals(id)) {
      throw new AssertionError("no UUID: " + id);
    }
    return Json.createObjectBuilder(message).remove("id").build();
  }

  /** The broker's answer to what it could not read, without its id. */
  public static JsonObject couldNotDecode() {
    return Json.createObjectBuilder()
        .add("message_type", ERROR)
        .add("data", "Could not decode message")
        .build();
  }

  /** The broker's error about a message, without its id. */
  public static JsonObject error(String description, String inReplyTo) {
    return Json.createObjectBuilder()
        .add("message_type", ERROR)
        .add("in_reply_to", inReplyTo)
        .add("data", description)
        .build();
  }
}
