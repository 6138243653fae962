package org.parley.mqtt.broker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.Publish;
import org.parley.mqtt.packet.TopicName;

/** Topic Aliases of one connection, MQTT 5.0 section 3.3.2.3.4; they end with it. */
final class TopicAliases {

  /** What the client has set. */
  static final class Inbound {
    private static final Inbound NONE = new Inbound(0);

    private final int maximum;

    /** By alias; an ArrayList from the first on. */
    private List<@Nullable TopicName> topics = List.of();

    private Inbound(int maximum) {
      this.maximum = maximum;
    }

    /**
     * @param maximum what the server allows; 0 for none
     */
    static Inbound upTo(int maximum) {
      return maximum == 0 ? NONE : new Inbound(maximum);
    }

    /** Returns whether the client may use it [MQTT-3.3.2-9]. */
    boolean allows(int alias) {
      return alias >= 1 && alias <= maximum;
    }

    /** Remembers a topic for an allowed alias, instead of a former one [MQTT-3.3.2-12]. */
    void set(int alias, TopicName topic) {
      if (topics.isEmpty()) {
        topics = new ArrayList<>();
      }
      while (topics.size() <= alias) {
        topics.add(null);
      }
      topics.set(alias, topic);
    }

    /** Returns the topic of an alias, or null. */
    @Nullable TopicName topic(int alias) {
      return alias < topics.size() ? topics.get(alias) : null;
    }
  }

  /** What the server has set: the first topics get one, up to the client's maximum. */
  static final class Outbound {
    private static final Outbound NONE = new Outbound(0);

    private final int maximum;
    private final Map<TopicName, Integer> aliases;

    private Outbound(int maximum) {
      this.maximum = maximum;
      this.aliases = maximum == 0 ? Map.of() : new HashMap<>();
    }

    /**
     * @param maximum what the client allows and the server wants; 0 for none [MQTT-3.1.2-27]
     */
    static Outbound upTo(int maximum) {
      return maximum == 0 ? NONE : new Outbound(maximum);
    }

    /** Returns the alias that the client knows for a topic, or {@link Publish#NO_ALIAS}. */
    int known(TopicName topic) {
      return maximum == 0 ? Publish.NO_ALIAS : aliases.getOrDefault(topic, Publish.NO_ALIAS);
    }

    /** Returns an alias to set with the full topic, or {@link Publish#NO_ALIAS}. */
    int next() {
      return aliases.size() < maximum ? aliases.size() + 1 : Publish.NO_ALIAS;
    }

    /** A PUBLISH that sets the alias was written. */
    void written(TopicName topic, int alias) {
      aliases.put(topic, alias);
    }
  }

  private TopicAliases() {}
}
