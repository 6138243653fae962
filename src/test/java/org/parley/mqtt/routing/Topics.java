package org.parley.mqtt.routing;

import java.util.Random;
import java.util.regex.Pattern;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.RetainHandling;
import org.parley.mqtt.packet.SubscriptionOptions;

/** Filters and names by seed, and the rules of section 4.7 in another way: as an expression. */
final class Topics {
  private static final String[] LEVELS = {"a", "b", "c", "", "$x", "long level"};

  private Topics() {}

  static TopicFilter filter(String text) {
    return TopicFilter.parse(text).orElseThrow();
  }

  static Subscription subscription(Subscriber subscriber, String filter, QoS qos) {
    return subscription(subscriber, filter, qos, false, false, 0);
  }

  static Subscription subscription(
      Subscriber subscriber,
      String filter,
      QoS qos,
      boolean noLocal,
      boolean retainAsPublished,
      int id) {
    var options = new SubscriptionOptions(qos, noLocal, retainAsPublished, RetainHandling.SEND);
    return new Subscription(subscriber, filter(filter), options, id);
  }

  static String randomName(Random random) {
    var name = new StringBuilder(random.nextInt(8) == 0 ? "$SYS" : level(random));
    for (int more = depth(random); more > 0; more--) {
      name.append('/').append(level(random));
    }
    return name.isEmpty() ? "a" : name.toString();
  }

  static String randomPattern(Random random) {
    var pattern = new StringBuilder();
    for (int more = depth(random); more >= 0; more--) {
      int kind = random.nextInt(10);
      boolean single = kind < 3;
      boolean multi = kind == 3 && more == 0;
      boolean reserved = kind == 4 && pattern.isEmpty();
      pattern.append(multi ? "#" : single ? "+" : reserved ? "$SYS" : level(random));
      pattern.append(more > 0 ? "/" : "");
    }
    return pattern.isEmpty() ? "#" : pattern.toString();
  }

  /** Mostly flat; now and then deeper than the tree. */
  private static int depth(Random random) {
    return random.nextInt(40) == 0 ? PatternTree.DEPTH - 2 + random.nextInt(5) : random.nextInt(4);
  }

  private static String level(Random random) {
    return LEVELS[random.nextInt(20) == 0 ? random.nextInt(LEVELS.length) : random.nextInt(2)];
  }

  /** The pattern as a regular expression. */
  static Pattern expression(String pattern) {
    var expression = new StringBuilder();
    if (pattern.startsWith("+") || pattern.startsWith("#")) {
      expression.append("(?!\\$)");
    }
    boolean first = true;
    for (var level : pattern.split("/", -1)) {
      if (level.equals("#")) {
        expression.append(first ? ".*" : "(/.*)?");
      } else {
        expression.append(first ? "" : "/");
        expression.append(level.equals("+") ? "[^/]*" : Pattern.quote(level));
      }
      first = false;
    }
    return Pattern.compile(expression.toString(), Pattern.DOTALL);
  }
}
