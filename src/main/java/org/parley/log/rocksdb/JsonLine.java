package org.parley.log.rocksdb;

import java.util.Base64;
import java.util.List;

/** One flat JSON object in one line of ASCII. */
final class JsonLine {
  private static final int FIRST_PRINTABLE = 0x20;
  private static final int LAST_PRINTABLE = 0x7E;

  private final StringBuilder text = new StringBuilder("{");

  private StringBuilder name(String name) {
    if (text.length() > 1) {
      text.append(',');
    }
    quote(name);
    return text.append(':');
  }

  JsonLine put(String name, String value) {
    name(name);
    quote(value);
    return this;
  }

  JsonLine put(String name, long value) {
    name(name).append(value);
    return this;
  }

  JsonLine put(String name, boolean value) {
    name(name).append(value);
    return this;
  }

  JsonLine put(String name, List<Integer> values) {
    name(name).append(values); // as JSON has it
    return this;
  }

  /** Puts texts two by two, each pair as an array. */
  JsonLine putPairs(String name, List<String> values) {
    name(name).append('[');
    for (int i = 0; i < values.size(); i++) {
      boolean first = i % 2 == 0;
      text.append(first ? i == 0 ? "[" : ",[" : ",");
      quote(values.get(i));
      text.append(first ? "" : "]");
    }
    text.append(']');
    return this;
  }

  /** Puts bytes as Base64. */
  JsonLine put(String name, byte[] value) {
    return put(name, Base64.getEncoder().encodeToString(value));
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < FIRST_PRINTABLE || c > LAST_PRINTABLE) {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }

  /** Returns the object. */
  @Override
  public String toString() {
    return text + "}";
  }
}
