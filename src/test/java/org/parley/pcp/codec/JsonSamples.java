package org.parley.pcp.codec;

import java.util.SplittableRandom;

/** Random JSON text, the same for the same seed. */
final class JsonSamples {
  private static final String[] NUMBERS = {
    "0",
    "-0",
    "1.0",
    "1e5",
    "-1.5E-3",
    "1.7976931348623157e308",
    "1e-400",
    "12345678901234567890123"
  };
  private static final String[] PIECES = {
    "a", " ", "\u00e9", "\u4e2d", "\ud83d\ude00", "\\n", "\\\"", "\\\\", "\\/", "\\u0041",
    "\\ud83d\\ude00", "}", "]", "{", "[", ":", ",", "\u2028", "\u007f", "\\u0000"
  };
  private static final String[] SPACES = {"", "", "", " ", "\n", "\r\n", "\t", " \t \n"};

  private final SplittableRandom random;

  JsonSamples(long seed) {
    random = new SplittableRandom(seed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Returns a value without white space around it, at most {@code depth} levels deep. */
  String value(int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> "null";
      case 1 -> "true";
      case 2 -> "false";
      case 3 -> NUMBERS[random.nextInt(NUMBERS.length)];
      case 4, 5 -> string(random.nextInt(12));
      case 6 -> array(depth);
      default -> object(depth);
    };
  }

  String string(int pieces) {
    var out = new StringBuilder("\"");
    for (int i = 0; i < pieces; i++) {
      out.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return out.append('"').toString();
  }

  String space() {
    return SPACES[random.nextInt(SPACES.length)];
  }

  private String array(int depth) {
    var out = new StringBuilder("[").append(space());
    for (int i = random.nextInt(5); i > 0; i--) {
      out.append(value(depth - 1)).append(space());
      out.append(i > 1 ? "," + space() : "");
    }
    return out.append(']').toString();
  }

  private String object(int depth) {
    var out = new StringBuilder("{").append(space());
    for (int i = random.nextInt(5); i > 0; i--) {
      String key = "\"" + i + string(random.nextInt(3)).substring(1);
      out.append(key).append(space()).append(':').append(space());
      out.append(value(depth - 1)).append(space());
      out.append(i > 1 ? "," + space() : "");
    }
    return out.append('}').toString();
  }
}
