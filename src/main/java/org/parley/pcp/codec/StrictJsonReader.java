package org.parley.pcp.codec;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import jakarta.json.stream.JsonParserFactory;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.parley.pcp.message.JsonText;

/**
 * Reads one JSON text event by event and refuses what RFC 8259 leaves to the receiver: duplicate
 * keys (section 4), numbers that no double can hold (section 6), lone surrogates (section 8.2) and
 * deep nesting (section 9). Work is linear in the text; nothing recurses. Not for two threads.
 */
final class StrictJsonReader implements AutoCloseable {
  /** The parser itself gives up, with an exception of its own, a little below 1,000 levels. */
  static final int GREATEST_DEPTH_LIMIT = 512;

  private static final String WHITE_SPACE = " \t\r\n";
  private static final JsonParserFactory PARSERS =
      requireEndOffsets(Json.createParserFactory(Map.of()));

  private final String text;

  /** In the objects open at once: each costs many times its bytes while others are compared. */
  static final int MAXIMUM_KEYS = 100_000;

  private final int maximumDepth;
  private final boolean unicodeEscapes;
  private final JsonParser parser;
  private int keys;
  private final Deque<Set<String>> openKeys = new ArrayDeque<>();

  /**
   * Starts to read.
   *
   * @param maximumDepth in nested arrays and objects, 1 to {@link #GREATEST_DEPTH_LIMIT}
   * @throws MalformedMessageException if the text holds half of a surrogate pair
   */
  StrictJsonReader(String text, int maximumDepth) throws MalformedMessageException {
    if (hasLoneSurrogate(text)) {
      throw new MalformedMessageException("lone surrogate");
    }
    this.text = text;
    this.maximumDepth = maximumDepth;
    this.unicodeEscapes = text.contains("\\u");
    this.parser = PARSERS.createParser(new StringReader(text));
  }

  /**
   * Data is cut out of the text by the parser's offsets, which JSON-P does not define exactly.
   * Fails at the start, not on a message, if a provider counts in another way.
   */
  static JsonParserFactory requireEndOffsets(JsonParserFactory factory) {
    try (var parser = factory.createParser(new StringReader("{\"\u00e9\" : [1] }"))) {
      for (int expected : new int[] {1, 4, 8, 9, 10}) {
        parser.next();
        if (parser.getLocation().getStreamOffset() != expected) {
          throw new IllegalStateException("JSON-P provider without end offsets: " + factory);
        }
      }
    }
    return factory;
  }

  /** Checks the depth limit of a codec. */
  static int requireDepthLimit(int maximumDepth) {
    if (maximumDepth < 1 || maximumDepth > GREATEST_DEPTH_LIMIT) {
      throw new IllegalArgumentException("maximum depth " + maximumDepth);
    }
    return maximumDepth;
  }

  /** Reads the next event, which must be an expected one. */
  void expect(Event expected, String detail) throws MalformedMessageException {
    if (next() != expected) {
      throw malformed(detail);
    }
  }

  /** Reads the next event of an object: true at a key, false at the object's end. */
  boolean nextKey() throws MalformedMessageException {
    return next() == Event.KEY_NAME;
  }

  /** Reads a string value. */
  String nextString(String detail) throws MalformedMessageException {
    expect(Event.VALUE_STRING, detail);
    return parser.getString();
  }

  /** Returns the key or string just read. */
  String string() {
    return parser.getString();
  }

  /** Reads the value that follows a key just read, and returns its text untouched. */
  JsonText nextValue() throws MalformedMessageException {
    int from = offset();
    int depth = openKeys.size();
    do {
      next();
    } while (openKeys.size() > depth);
    int to = offset();
    if (to >= text.length()) { // the object is not closed; behind a number the parser counts on
      throw malformed("not JSON");
    }
    while (text.charAt(from) == ':' || WHITE_SPACE.indexOf(text.charAt(from)) >= 0) {
      from++;
    }
    return new JsonText(text.substring(from, to));
  }

  /** Checks that only white space follows the event just read. */
  void end() throws MalformedMessageException {
    for (int i = offset(); i < text.length(); i++) {
      if (WHITE_SPACE.indexOf(text.charAt(i)) < 0) {
        throw malformed("more than one value");
      }
    }
  }

  /** Reads the next event and applies every rule to it. */
  Event next() throws MalformedMessageException {
    Event event = parse();
    switch (event) {
      case START_OBJECT -> open(new HashSet<>());
      case START_ARRAY -> open(Set.of());
      case END_OBJECT, END_ARRAY -> keys -= openKeys.removeLast().size();
      case KEY_NAME -> {
        String key = parser.getString();
        requirePairedSurrogates(key);
        if (!openKeys.getLast().add(key)) {
          throw malformed("duplicate key");
        }
        if (++keys > MAXIMUM_KEYS) {
          throw malformed("too many keys");
        }
      }
      case VALUE_STRING -> {
        if (unicodeEscapes) {
          requirePairedSurrogates(parser.getString());
        }
      }
      case VALUE_NUMBER -> {
        if (Double.isInfinite(Double.parseDouble(parser.getString()))) {
          throw malformed("number out of range");
        }
      }
      case VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> {}
    }
    return event;
  }

  private Event parse() throws MalformedMessageException {
    try {
      return parser.next();
    } catch (JsonException | NoSuchElementException e) {
      throw malformed("not JSON");
    }
  }

  private void open(Set<String> keys) throws MalformedMessageException {
    if (openKeys.size() == maximumDepth) {
      throw malformed("nested too deep");
    }
    openKeys.addLast(keys);
  }

  private void requirePairedSurrogates(String value) throws MalformedMessageException {
    if (unicodeEscapes && hasLoneSurrogate(value)) {
      throw malformed("lone surrogate");
    }
  }

  /** Returns the reason to give up here; the place is a character offset into the text. */
  MalformedMessageException malformed(String detail) {
    // At the end of input the parser counts too far.
    return new MalformedMessageException(detail + " at " + Math.min(offset(), text.length()));
  }

  /** Returns how many characters are read: the end of the event just read. */
  private int offset() {
    return Math.toIntExact(parser.getLocation().getStreamOffset());
  }

  private static boolean hasLoneSurrogate(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (Character.isSurrogate(value.charAt(i))) {
        if (Character.charCount(value.codePointAt(i)) == 1) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  @Override
  public void close() {
    parser.close();
  }
}
