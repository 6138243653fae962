package org.parley.pcp.codec;

import jakarta.json.stream.JsonParser.Event;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.parley.pcp.message.Expiry;
import org.parley.pcp.message.JsonText;
import org.parley.pcp.message.MessageId;
import org.parley.pcp.message.Octets;
import org.parley.pcp.message.PcpUri;
import org.parley.pcp.message.V1Message;

/**
 * PCP version 1: one binary WebSocket message is a version byte and chunks (section 1.3).
 *
 * <pre>{@code
 * frame     0x01, envelope chunk, then at most one data chunk and any debug chunks in any order
 * chunk     type (4 low bits: 1 envelope, 2 data, 3 debug), size (4 bytes, big-endian), content
 * envelope  {"id":UUID,"message_type":S,"targets":[URI...],"sender":URI,"expires":ISO-8601,
 *            "destination_report":B?,"in-reply-to":UUID?}
 * }</pre>
 *
 * <p>Decoding is strict: the chunks fill the frame to its last byte; the envelope is UTF-8 and
 * exactly one object, without unknown and duplicate keys and without {@code null}. Lax is only what
 * the format asks for or deployed clients need: the 4 high bits of a chunk's first byte mean
 * nothing, data and debug chunks may be empty or missing, {@code expires} may have any or no
 * fraction of a second and any offset. What data and debug chunks hold is not looked at; their
 * bytes stay in the frame, which nobody may change after. Immutable; any thread may use it.
 */
public final class PcpV1Codec {
  /** In bytes. Room for {@link #MAXIMUM_TARGETS} URIs of the greatest length, in ASCII. */
  public static final int MAXIMUM_ENVELOPE_BYTES = 1 << 20;

  /** In elements of {@code targets}. */
  public static final int MAXIMUM_TARGETS = 1_000;

  /** In chunks of one message: each broker on the way may add one. */
  public static final int MAXIMUM_DEBUG_CHUNKS = 64;

  private static final byte VERSION = 1;
  private static final int TYPE_BITS = 0x0f;
  private static final int ENVELOPE = 1;
  private static final int DATA = 2;
  private static final int DEBUG = 3;
  private static final int HEADER_BYTES = 1 + Integer.BYTES;

  /** The object and its array of targets. */
  private static final int ENVELOPE_DEPTH = 2;

  /** One chunk of a frame. */
  private record Chunk(int type, Octets content) {}

  /** Decodes one binary WebSocket message. Never throws on account of the bytes. */
  public Decoded<V1Message> decode(ByteBuffer frame) {
    try {
      return new Decoded.Complete<>(decodeFrame(frame.slice()));
    } catch (MalformedMessageException e) {
      return new Decoded.Rejected<>(e.detail());
    }
  }

  private static V1Message decodeFrame(ByteBuffer frame) throws MalformedMessageException {
    if (!frame.hasRemaining() || frame.get() != VERSION) {
      throw malformed("not version one", frame);
    }
    var first = nextChunk(frame);
    if (first.type() != ENVELOPE) {
      throw malformed("the first chunk is no envelope", frame);
    }
    Optional<Octets> data = Optional.empty();
    var debug = new ArrayList<Octets>();
    while (frame.hasRemaining()) {
      var chunk = nextChunk(frame);
      switch (chunk.type()) {
        case DATA -> {
          if (data.isPresent()) {
            throw malformed("second data chunk", frame);
          }
          data = Optional.of(chunk.content());
        }
        case DEBUG -> {
          if (debug.size() == MAXIMUM_DEBUG_CHUNKS) {
            throw malformed("too many debug chunks", frame);
          }
          debug.add(chunk.content());
        }
        case ENVELOPE -> throw malformed("second envelope", frame);
        default -> throw malformed("unknown chunk type", frame);
      }
    }
    return decodeEnvelope(first.content(), data, debug);
  }

  private static Chunk nextChunk(ByteBuffer frame) throws MalformedMessageException {
    if (frame.remaining() < HEADER_BYTES) {
      throw malformed("chunk cut short", frame);
    }
    int type = frame.get() & TYPE_BITS;
    int size = frame.getInt();
    if (size < 0 || size > frame.remaining()) {
      throw malformed("chunk size beyond the frame", frame);
    }
    var content = Octets.of(frame.slice(frame.position(), size));
    frame.position(frame.position() + size);
    return new Chunk(type, content);
  }

  private static MalformedMessageException malformed(String detail, ByteBuffer frame) {
    return new MalformedMessageException(detail + " at " + frame.position());
  }

  private static V1Message decodeEnvelope(
      Octets envelope, Optional<Octets> data, List<Octets> debug) throws MalformedMessageException {
    if (envelope.size() > MAXIMUM_ENVELOPE_BYTES) {
      throw new MalformedMessageException("envelope too large");
    }
    try (var json = new StrictJsonReader(StrictUtf8.decode(envelope), ENVELOPE_DEPTH)) {
      json.expect(Event.START_OBJECT, "not an object");
      var message = decodeEnvelope(json, data, debug);
      json.end();
      return message;
    }
  }

  private static V1Message decodeEnvelope(
      StrictJsonReader json, Optional<Octets> data, List<Octets> debug)
      throws MalformedMessageException {
    @Nullable MessageId id = null;
    @Nullable String messageType = null;
    @Nullable List<PcpUri> targets = null;
    @Nullable PcpUri sender = null;
    @Nullable Expiry expires = null;
    boolean destinationReport = false;
    Optional<MessageId> inReplyTo = Optional.empty();
    while (json.nextKey()) {
      switch (json.string()) { // the reader has refused a key that comes twice
        case "id" -> id = EnvelopeFields.id(json, "id is not a UUID");
        case "message_type" -> messageType = EnvelopeFields.messageType(json);
        case "targets" -> targets = decodeTargets(json);
        case "sender" -> sender = EnvelopeFields.uri(json, "sender is not a PCP URI");
        case "expires" -> expires = decodeExpires(json);
        case "destination_report" -> destinationReport = decodeReport(json);
        case "in-reply-to" ->
            inReplyTo = Optional.of(EnvelopeFields.id(json, "in_reply_to is not a UUID"));
        default -> throw json.malformed("unknown key");
      }
    }
    if (id == null || messageType == null || targets == null || sender == null || expires == null) {
      throw json.malformed("a required key is missing");
    }
    return new V1Message(
        id, messageType, targets, sender, expires, destinationReport, inReplyTo, data, debug);
  }

  private static List<PcpUri> decodeTargets(StrictJsonReader json)
      throws MalformedMessageException {
    json.expect(Event.START_ARRAY, "targets is not an array");
    var targets = new ArrayList<PcpUri>();
    for (Event event = json.next(); event != Event.END_ARRAY; event = json.next()) {
      if (targets.size() == MAXIMUM_TARGETS) {
        throw json.malformed("too many targets");
      }
      Optional<PcpUri> uri =
          event == Event.VALUE_STRING ? PcpUri.parse(json.string()) : Optional.empty();
      targets.add(uri.orElseThrow(() -> json.malformed("a target is not a PCP URI")));
    }
    return targets;
  }

  private static Expiry decodeExpires(StrictJsonReader json) throws MalformedMessageException {
    return Expiry.parse(json.nextString("expires is not a string"))
        .orElseThrow(() -> json.malformed("expires is not a date and time"));
  }

  private static boolean decodeReport(StrictJsonReader json) throws MalformedMessageException {
    return switch (json.next()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw json.malformed("destination_report is not a boolean");
    };
  }

  /**
   * Encodes a message: envelope, data chunk if there is data, debug chunks. The envelope's keys are
   * in the order of the class comment, {@code destination_report} only if it is true; the bytes of
   * data and debug chunks go out exactly as they are.
   *
   * @return from its position to its limit the whole frame
   */
  public ByteBuffer encode(V1Message message) {
    var envelope = encodeEnvelope(message);
    int size = Math.addExact(1 + HEADER_BYTES, envelope.size());
    if (message.data().isPresent()) {
      size = Math.addExact(size, HEADER_BYTES + message.data().get().size());
    }
    for (var chunk : message.debug()) {
      size = Math.addExact(size, HEADER_BYTES + chunk.size());
    }
    var frame = ByteBuffer.allocate(size).put(VERSION);
    put(frame, ENVELOPE, envelope);
    message.data().ifPresent(data -> put(frame, DATA, data));
    message.debug().forEach(chunk -> put(frame, DEBUG, chunk));
    return frame.flip();
  }

  private static void put(ByteBuffer frame, int type, Octets content) {
    frame.put((byte) type).putInt(content.size()).put(content.buffer());
  }

  private static Octets encodeEnvelope(V1Message message) {
    var out = new StringBuilder(320 + 40 * message.targets().size());
    out.append("{\"id\":\"").append(message.id().text()).append("\",\"message_type\":");
    JsonText.appendString(out, message.messageType());
    out.append(",\"targets\":[");
    var separator = "";
    for (var target : message.targets()) {
      JsonText.appendString(out.append(separator), target.text());
      separator = ",";
    }
    JsonText.appendString(out.append("],\"sender\":"), message.originator().text());
    JsonText.appendString(out.append(",\"expires\":"), message.expires().text());
    if (message.destinationReport()) {
      out.append(",\"destination_report\":true");
    }
    if (message.inReplyTo().isPresent()) {
      out.append(",\"in-reply-to\":\"").append(message.inReplyTo().get().text()).append('"');
    }
    return Octets.of(out.append('}').toString());
  }
}
