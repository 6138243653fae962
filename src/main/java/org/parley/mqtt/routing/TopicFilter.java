package org.parley.mqtt.routing;

import java.util.Optional;

/**
 * A Topic Filter that keeps the rules, MQTT 5.0 sections 4.7 and 4.8.2. Its identity is the full
 * text.
 *
 * @param text as subscribed to, {@code $share/} included
 * @param shareName the group, for a shared subscription
 * @param pattern what topics are matched with: the text without the share
 */
public record TopicFilter(String text, Optional<String> shareName, String pattern) {}
