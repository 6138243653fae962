package org.parley.mqtt.state;

import org.parley.mqtt.packet.Will;

/**
 * A will that is to be published, if it is still allowed then.
 *
 * @param due milliseconds of the epoch
 */
public record WillRecord(WillId id, Owner owner, Will will, long due) {}
