package org.parley.mqtt.state;

import java.util.Optional;
import org.parley.mqtt.packet.Will;

/**
 * What a session is, beside what it holds.
 *
 * @param number names it in its other rows; never used again
 * @param epoch of the connection that it has, or had last
 * @param expirySeconds Session Expiry Interval, not 0; {@link Command.Attach#NEVER}
 * @param receiveMaximum of that connection
 * @param online whether it has the connection
 * @param endsAt when an offline session ends, milliseconds of the epoch; {@link Message#NEVER}
 * @param nextSequence no entry that came before had this sequence or a higher one
 * @param sentBefore entries with a lower sequence may have been sent; known exactly when the
 *     session went offline
 * @param owner whose connection it is, or was
 * @param will of the connection, while there is one
 */
public record SessionRecord(
    long number,
    String clientId,
    long epoch,
    long expirySeconds,
    int receiveMaximum,
    boolean online,
    long endsAt,
    long nextSequence,
    long sentBefore,
    Owner owner,
    Optional<Will> will) {}
