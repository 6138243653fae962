package org.parley.mqtt.packet;

/**
 * The Will Message of a CONNECT, MQTT 5.0 section 3.1.3.
 *
 * @param delaySeconds Will Delay Interval; 0 before 5.0
 */
public record Will(
    TopicName topic,
    BinaryData payload,
    QoS qos,
    boolean retain,
    long delaySeconds,
    MessageProperties properties) {}
