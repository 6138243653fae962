package org.parley.pcp.codec;

import jakarta.json.stream.JsonParser.Event;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.parley.pcp.message.JsonText;
import org.parley.pcp.message.MessageId;
import org.parley.pcp.message.PcpUri;
import org.parley.pcp.message.V2Message;

/**
 * PCP version 2: one text WebSocket message is one JSON object without additional properties
 * (section 1.4).
 *
 * <pre>{@code
 * {"id":UUID,"message_type":S,"target":URI?,"sender":URI?,"in_reply_to":UUID?,"data":any?}
 * }</pre>
 *
 * <p>Decoding is strict: exactly one object and nothing but white space behind it, no byte order
 * mark, no unknown and no duplicate key at any level, no {@code null} except as data, no lone
 * surrogate, no number beyond a double, bounded nesting. Charsets are not its business ({@link
 * V2Message#hasAuthorizableCharset()}). Immutable; any thread may use it.
 */
public final class PcpV2Codec {
  /** In nested arrays and objects, the envelope included. */
  public static final int DEFAULT_MAXIMUM_DEPTH = 64;

  /** In characters. Longer ones are refused here, so that nothing behind ever sees them. */
  public static final int MAXIMUM_MESSAGE_TYPE_LENGTH = 256;

  private final int maximumDepth;

  public PcpV2Codec() {
    this(DEFAULT_MAXIMUM_DEPTH);
  }

  /**
   * Makes a codec with a nesting limit of its own.
   *
   * @param maximumDepth 1 to 512 nested arrays and objects, the envelope included
   * @throws IllegalArgumentException if it is outside
   */
  public PcpV2Codec(int maximumDepth) {
    this.maximumDepth = StrictJsonReader.requireDepthLimit(maximumDepth);
  }

  /** Decodes the text of one WebSocket message. Never throws on account of the text. */
  public Decoded<V2Message> decode(String text) {
    try (var json = new StrictJsonReader(text, maximumDepth)) {
      json.expect(Event.START_OBJECT, "not an object");
      V2Message message = decodeEnvelope(json);
      json.end();
      return new Decoded.Complete<>(message);
    } catch (MalformedMessageException e) {
      return new Decoded.Rejected<>(e.detail());
    }
  }

  private static V2Message decodeEnvelope(StrictJsonReader json) throws MalformedMessageException {
    @Nullable MessageId id = null;
    @Nullable String messageType = null;
    Optional<PcpUri> target = Optional.empty();
    Optional<PcpUri> sender = Optional.empty();
    Optional<MessageId> inReplyTo = Optional.empty();
    Optional<JsonText> data = Optional.empty();
    while (json.nextKey()) {
      switch (json.string()) { // the reader has refused a key that comes twice
        case "id" -> id = EnvelopeFields.id(json, "id is not a UUID");
        case "message_type" -> messageType = EnvelopeFields.messageType(json);
        case "target" -> target = Optional.of(EnvelopeFields.uri(json, "target is not a PCP URI"));
        case "sender" -> sender = Optional.of(EnvelopeFields.uri(json, "sender is not a PCP URI"));
        case "in_reply_to" ->
            inReplyTo = Optional.of(EnvelopeFields.id(json, "in_reply_to is not a UUID"));
        case "data" -> data = Optional.of(json.nextValue());
        default -> throw json.malformed("unknown key");
      }
    }
    if (id == null || messageType == null) {
      throw json.malformed("id or message_type missing");
    }
    return new V2Message(id, messageType, target, sender, inReplyTo, data);
  }

  /**
   * Encodes a message without white space of its own, keys in the order of the class comment. Data
   * goes out exactly as it is.
   */
  public String encode(V2Message message) {
    int dataLength = message.data().map(data -> data.text().length()).orElse(0);
    var out = new StringBuilder(Math.addExact(dataLength, 320));
    out.append("{\"id\":\"").append(message.id().text()).append("\",\"message_type\":");
    JsonText.appendString(out, message.messageType());
    if (message.target().isPresent()) {
      JsonText.appendString(out.append(",\"target\":"), message.target().get().text());
    }
    if (message.sender().isPresent()) {
      JsonText.appendString(out.append(",\"sender\":"), message.sender().get().text());
    }
    if (message.inReplyTo().isPresent()) {
      out.append(",\"in_reply_to\":\"").append(message.inReplyTo().get().text()).append('"');
    }
    if (message.data().isPresent()) {
      out.append(",\"data\":").append(message.data().get().text());
    }
    return out.append('}').toString();
  }
}
