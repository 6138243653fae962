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
    private final int maximum;
    private final List<@Nullable TopicName> topics = new ArrayList<>();

    Inbound(int maximum) {
      this.maximum = maximum;
    }

    /** Returns whether the client may use it [MQTT-3.3.2-9]. */
    boolean allows(int alias) {
      return alias >= 1 && alias <= maximum;
    }

    /** Remembers a topic for an allowed alias, instead of a former one [MQTT-3.3.2-12]. */
    void set(int alias, TopicName topic) {
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
    private final int maximum;
    private final Map<TopicName, Integer> aliases = new HashMap<>();

    /**
     * @param maximum what the client allows and the server wants; 0 for none [MQTT-3.1.2-27]
     */
    Outbound(int maximum) {
      this.maximum = maximum;
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
