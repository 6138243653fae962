package org.parley.pcp.codec;

import jakarta.json.stream.JsonParser.Event;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.parley.pcp.message.Expiry;
import org.parley.pcp.message.JsonText;
import org.parley.pcp.message.MessageId;
import org.parley.pcp.message.MessageTypes;
import org.parley.pcp.message.Octets;
import org.parley.pcp.message.PcpUri;
import org.parley.pcp.message.V1Message;
import org.parley.pcp.message.V2Message;

/**
 * Carries messages from one version over to the other (section 1.8). What only version 1 has,
 * {@code expires}, {@code destination_report} and debug chunks, is left behind; data that the other
 * version has no form for is not. Immutable; any thread may use it.
 */
public final class VersionTranslator {
  private static final Optional<JsonText> ABSENT = Optional.empty();

  private final int maximumDepth;

  /**
   * Makes a translator.
   *
   * @param maximumDepth of version 2 messages, the envelope included, as in {@link PcpV2Codec}
   * @throws IllegalArgumentException if it is outside 1 to 512
   */
  public VersionTranslator(int maximumDepth) {
    this.maximumDepth = StrictJsonReader.requireDepthLimit(maximumDepth);
  }

  /**
   * Translates to version 2. A data chunk must be JSON; one of an {@code error_message} becomes a
   * plain string, its {@code id} the message's {@code in_reply_to}.
   *
   * @param target the one of the targets that the result goes to
   */
  public Translated<V2Message> toV2(V1Message message, PcpUri target) {
    try {
      return new Translated.Complete<>(
          message.messageType().equals(MessageTypes.ERROR_MESSAGE)
              ? errorToV2(message, target)
              : v2(message, target, message.inReplyTo(), value(message)));
    } catch (MalformedMessageException e) {
      return new Translated.Inexpressible<>("data: " + e.detail());
    }
  }

  private static V2Message v2(
      V1Message message, PcpUri target, Optional<MessageId> inReplyTo, Optional<JsonText> data) {
    return new V2Message(
        message.id(),
        message.messageType(),
        Optional.of(target),
        message.sender(),
        inReplyTo,
        data);
  }

  /** Data {@code {"id":UUID?,"description":S}}, no other keys. */
  private V2Message errorToV2(V1Message message, PcpUri target) throws MalformedMessageException {
    @Nullable MessageId id = null;
    @Nullable JsonText description = null;
    var data = value(message).orElse(JsonText.NULL);
    try (var json = new StrictJsonReader(data.text(), 1)) {
      json.expect(Event.START_OBJECT, "not an object");
      while (json.nextKey()) {
        switch (json.string()) { // the reader has refused a key that comes twice
          case "id" -> id = EnvelopeFields.id(json, "id is not a UUID");
          case "description" -> description = json.nextValue();
          default -> throw json.malformed("unknown key");
        }
      }
    }
    if (description == null || !isString(description)) {
      throw new MalformedMessageException("description is not a string");
    }
    var named = Optional.ofNullable(id);
    if (named.isPresent()
        && message.inReplyTo().isPresent()
        && !named.equals(message.inReplyTo())) {
      throw new MalformedMessageException("id is another than that of the envelope");
    }
    return v2(message, target, named.or(message::inReplyTo), Optional.of(description));
  }

  private static boolean isString(JsonText value) {
    return value.text().startsWith("\"");
  }

  /**
   * Translates to version 1. {@code in_reply_to} is kept only in an {@code inventory_response}:
   * deployed clients refuse the key elsewhere. {@code error_message} becomes an object with the
   * {@code id} that it answers. No target becomes no targets, no sender the broker.
   */
  public Translated<V1Message> toV1(V2Message message) {
    return switch (message.messageType()) {
      case MessageTypes.ERROR_MESSAGE -> errorToV1(message);
      case MessageTypes.INVENTORY_RESPONSE ->
          new Translated.Complete<>(v1(message, message.inReplyTo(), message.data()));
      default -> new Translated.Complete<>(v1(message, Optional.empty(), message.data()));
    };
  }

  private static Translated<V1Message> errorToV1(V2Message message) {
    if (message.data().isEmpty() || !isString(message.data().get())) {
      return new Translated.Inexpressible<>("data: not a string");
    }
    var out = new StringBuilder(128).append('{');
    message.inReplyTo().ifPresent(id -> out.append("\"id\":\"").append(id.text()).append("\","));
    out.append("\"description\":").append(message.data().get().text()).append('}');
    return new Translated.Complete<>(
        v1(message, Optional.empty(), Optional.of(new JsonText(out.toString()))));
  }

  private static V1Message v1(
      V2Message message, Optional<MessageId> inReplyTo, Optional<JsonText> data) {
    return new V1Message(
        message.id(),
        message.messageType(),
        message.target().map(List::of).orElse(List.of()),
        message.sender().orElse(PcpUri.BROKER),
        Expiry.EPOCH,
        false,
        inReplyTo,
        data.map(value -> Octets.of(value.text())),
        List.of());
  }

  /**
   * Returns the JSON value that a data chunk is, without the white space around it; empty if it is
   * none, not UTF-8, or breaks one of the rules that {@link PcpV2Codec} has for data.
   */
  public Optional<JsonText> json(Octets chunk) {
    try {
      return value(chunk);
    } catch (MalformedMessageException _) {
      return ABSENT;
    }
  }

  private Optional<JsonText> value(V1Message message) throws MalformedMessageException {
    return message.data().isPresent() ? value(message.data().get()) : ABSENT;
  }

  private Optional<JsonText> value(Octets chunk) throws MalformedMessageException {
    if (chunk.size() == 0) {
      return ABSENT;
    }
    // As the one element of an array: depth counts as it does in the envelope of version 2, and
    // the parser's offset behind a number at the end is right.
    var text = StrictUtf8.decode(chunk, "[", "]");
    try (var json = new StrictJsonReader(text, maximumDepth)) {
      json.expect(Event.START_ARRAY, "not JSON");
      var value = json.nextValue();
      json.expect(Event.END_ARRAY, "more than one value");
      json.end();
      return Optional.of(value);
    }
  }
}
