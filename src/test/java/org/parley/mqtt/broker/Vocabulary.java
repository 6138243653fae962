package org.parley.mqtt.broker;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.parley.mqtt.broker.Said.Content;
import org.parley.mqtt.broker.Said.Wish;

/** What random clients talk about: few topics, so that they meet. */
final class Vocabulary {
  private static final String[] TOPICS = {"x", "x/y", "x/z", "y"};
  private static final String[] FILTERS = {"x", "x/#", "+", "#", "x/+", "x/y"};
  private static final String[] SHARED = {"$share/g/x/+", "$share/g/#", "$share/h/x"};

  /**
   * How a client subscribes: so that it can always be told for which subscription a message is. Two
   * groups that gave a client the same message would look the same before 5.0.
   */
  enum Habit {
    /** Speaks 5.0 alone; each shared subscription has an identifier of its own. */
    FIVE,
    /** No shared subscriptions. */
    PLAIN,
    /** One shared subscription and no other, with nothing that 3.1.1 could not tell. */
    MEMBER
  }

  private final Random random;
  private final String group;

  /** What a message without payload was published on: there is one at most. */
  private final Set<String> cleared = new HashSet<>();

  private int messages;
  private int subscriptions;

  Vocabulary(Random random) {
    this.random = random;
    this.group = pick(SHARED);
  }

  private String pick(String[] all) {
    return all[random.nextInt(all.length)];
  }

  /** Returns a message that was not there before. */
  Content content(String publisher, boolean v5) {
    var topic = pick(TOPICS);
    boolean retain = random.nextInt(8) == 0;
    boolean clears = retain && random.nextInt(4) == 0 && cleared.add(topic);
    int qos = random.nextInt(3);
    messages++;
    return new Content(
        publisher,
        topic,
        clears ? "" : "m" + messages,
        clears && qos == 1 ? 2 : qos, // with QoS 1 it could come twice
        retain,
        v5 && random.nextInt(4) == 0 ? random.nextInt(8) : Said.NO_EXPIRY);
  }

  Said.Will will(String publisher, boolean v5) {
    messages++;
    var content =
        new Content(
            publisher,
            pick(TOPICS),
            "will" + messages,
            random.nextInt(3),
            random.nextInt(3) == 0,
            v5 && random.nextInt(4) == 0 ? random.nextInt(8) : Said.NO_EXPIRY);
    return new Said.Will(content, v5 && random.nextInt(3) > 0 ? random.nextInt(10) : 0);
  }

  long sessionExpiry() {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> Said.NEVER;
      default -> 1 + random.nextInt(14);
    };
  }

  /** Returns whether the next CONNECT is of 5.0. */
  boolean isV5(Habit habit) {
    return habit == Habit.FIVE || random.nextInt(3) > 0;
  }

  Habit habit() {
    return Habit.values()[random.nextInt(Habit.values().length)];
  }

  Said.Subscribe subscribe(int packetId, boolean v5, Habit habit) {
    var wishes = new ArrayList<Wish>(2);
    var filter = filter(habit);
    wishes.add(wish(filter, v5 && habit != Habit.MEMBER));
    boolean shared = filter.startsWith("$");
    if (!shared && random.nextInt(4) == 0) {
      wishes.add(wish(pick(FILTERS), v5));
    }
    boolean named = v5 && habit != Habit.MEMBER && (shared || random.nextInt(3) > 0);
    return new Said.Subscribe(packetId, named ? ++subscriptions : 0, wishes);
  }

  private Wish wish(String filter, boolean v5) {
    int options = random.nextInt(3);
    if (v5) {
      options |= random.nextInt(3) << 4;
      options |= random.nextBoolean() ? 8 : 0;
      options |= random.nextInt(4) == 0 && !filter.startsWith("$") ? 4 : 0;
    }
    return new Wish(filter, options);
  }

  private String filter(Habit habit) {
    return switch (habit) {
      case FIVE -> pick(random.nextBoolean() ? FILTERS : SHARED);
      case PLAIN -> pick(FILTERS);
      case MEMBER -> group;
    };
  }

  Said.Unsubscribe unsubscribe(int packetId, Habit habit) {
    return new Said.Unsubscribe(
        packetId, List.of(filter(habit), filter(habit)).subList(0, 1 + random.nextInt(2)));
  }
}
