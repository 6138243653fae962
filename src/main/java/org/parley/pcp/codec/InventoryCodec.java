package org.parley.pcp.codec;

import jakarta.json.stream.JsonParser.Event;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.parley.pcp.message.InventoryRequest;
import org.parley.pcp.message.JsonText;
import org.parley.pcp.message.PcpUri;
import org.parley.session.ClientUri;
import org.parley.session.InventoryChange;

/**
 * The data of the inventory messages, the same in both versions (sections 1.4 and 1.7).
 *
 * <pre>{@code
 * inventory_request   {"query":[URI...],"subscribe":B?}      no other keys
 * inventory_response  {"uris":[URI...]}                      ascending, each once
 * inventory_update    {"changes":[{"client":URI,"change":1|-1}...]}   in order of occurrence
 * }</pre>
 *
 * <p>Immutable; any thread may use it.
 */
public final class InventoryCodec {
  /** In elements of one query. */
  public static final int DEFAULT_MAXIMUM_QUERY_LENGTH = 10_000;

  private static final int MAXIMUM_DEPTH = 2;
  private static final String CHANGES_START = "{\"changes\":[";
  private static final String END = "]}";

  private final int maximumQueryLength;

  public InventoryCodec() {
    this(DEFAULT_MAXIMUM_QUERY_LENGTH);
  }

  /**
   * Makes a codec with a query limit of its own.
   *
   * @param maximumQueryLength in elements, not negative
   */
  public InventoryCodec(int maximumQueryLength) {
    if (maximumQueryLength < 0) {
      throw new IllegalArgumentException("maximum query length " + maximumQueryLength);
    }
    this.maximumQueryLength = maximumQueryLength;
  }

  /**
   * Decodes what an {@code inventory_request} asks. Never throws on account of the data.
   *
   * @param data of the request; absent when it has none
   */
  public InventoryDecoded decodeRequest(Optional<JsonText> data) {
    if (data.isEmpty()) {
      return rejected("data is missing");
    }
    try (var json = new StrictJsonReader(data.get().text(), MAXIMUM_DEPTH)) {
      json.expect(Event.START_OBJECT, "data is not an object");
      InventoryRequest decoded = decodeRequest(json);
      json.end();
      return new InventoryDecoded.Complete(decoded);
    } catch (MalformedMessageException e) {
      return rejected(e.detail());
    }
  }

  private InventoryRequest decodeRequest(StrictJsonReader json) throws MalformedMessageException {
    @Nullable List<PcpUri> query = null;
    boolean subscribe = false;
    while (json.nextKey()) {
      switch (json.string()) { // the reader has refused a key that comes twice
        case "query" -> query = decodeQuery(json);
        case "subscribe" -> subscribe = decodeSubscribe(json);
        default -> throw json.malformed("unknown key");
      }
    }
    if (query == null) {
      throw json.malformed("query is missing");
    }
    return new InventoryRequest(query, subscribe);
  }

  private List<PcpUri> decodeQuery(StrictJsonReader json) throws MalformedMessageException {
    json.expect(Event.START_ARRAY, "query is not an array");
    var query = new ArrayList<PcpUri>();
    for (Event event = json.next(); event != Event.END_ARRAY; event = json.next()) {
      if (query.size() == maximumQueryLength) {
        throw json.malformed("query has more than " + maximumQueryLength + " elements");
      }
      Optional<PcpUri> uri =
          event == Event.VALUE_STRING ? PcpUri.parse(json.string()) : Optional.empty();
      query.add(uri.orElseThrow(() -> notUri(json, query.size())));
    }
    return query;
  }

  private static MalformedMessageException notUri(StrictJsonReader json, int index) {
    return json.malformed("query[" + index + "] is not a PCP URI");
  }

  private static boolean decodeSubscribe(StrictJsonReader json) throws MalformedMessageException {
    return switch (json.next()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw json.malformed("subscribe is not a boolean");
    };
  }

  private static InventoryDecoded rejected(String detail) {
    return new InventoryDecoded.Rejected("Invalid inventory_request: " + detail);
  }

  /** Encodes the data of an {@code inventory_response}, ascending whatever order they come in. */
  public JsonText encodeUris(Collection<ClientUri> clients) {
    var out = new StringBuilder(16 + 40 * clients.size()).append("{\"uris\":[");
    int start = out.length();
    clients.stream()
        .map(ClientUri::toString)
        .sorted()
        .distinct()
        .forEach(uri -> JsonText.appendString(out.length() > start ? out.append(',') : out, uri));
    return new JsonText(out.append(END).toString());
  }

  /**
   * Encodes changes, in their order, as the data of as few {@code inventory_update} as the limit
   * allows; none for no changes.
   *
   * @param maximumBytes of one data in UTF-8; the envelope around it adds less than 200 and the
   *     target. A single change that is larger goes out alone
   */
  public List<JsonText> encodeChanges(List<InventoryChange> changes, int maximumBytes) {
    var parts = new ArrayList<JsonText>();
    var part = new StringBuilder(CHANGES_START);
    int partBytes = 0;
    var element = new StringBuilder();
    for (InventoryChange change : changes) {
      element.setLength(0);
      JsonText.appendString(element.append("{\"client\":"), change.client().toString());
      element.append(",\"change\":").append(change.kind().change()).append('}');
      int elementBytes = utf8Length(element);
      if (partBytes > 0 && partBytes + 1L + elementBytes + END.length() > maximumBytes) {
        parts.add(new JsonText(part.append(END).toString()));
        part.setLength(CHANGES_START.length());
        partBytes = 0;
      }
      if (partBytes > 0) {
        part.append(',');
        partBytes += 1 + elementBytes;
      } else {
        partBytes = CHANGES_START.length() + elementBytes;
      }
      part.append(element);
    }
    if (partBytes > 0) {
      parts.add(new JsonText(part.append(END).toString()));
    }
    return List.copyOf(parts);
  }

  private static int utf8Length(CharSequence text) {
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x800) {
        bytes += Character.isSurrogate(c) ? 1 : 2; // a pair is four bytes; none is alone here
      } else if (c >= 0x80) {
        bytes++;
      }
    }
    return bytes;
  }
}
