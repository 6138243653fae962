package org.parley.mqtt.packet;

/** One User Property; names may repeat, the order counts. */
public record UserProperty(String name, String value) {}
