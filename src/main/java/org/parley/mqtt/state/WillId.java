package org.parley.mqtt.state;

/** One will: of a client, and of the epoch of the connection that brought it. */
public record WillId(String clientId, long epoch) {}
