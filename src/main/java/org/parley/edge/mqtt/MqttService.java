package org.parley.edge.mqtt;

import org.parley.core.ByteWire;

/**
 * What is behind all ways in: the MQTT broker.
 *
 * @param acceptor meets each new wire
 * @param farewell tells every client that the broker stops, and returns when all are told, within a
 *     limit of its own
 */
public record MqttService(ByteWire.Acceptor acceptor, Runnable farewell) {}
