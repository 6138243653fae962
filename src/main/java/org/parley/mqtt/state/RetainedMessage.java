package org.parley.mqtt.state;

import java.util.Optional;

/**
 * A retained message and who has published it, which is asked about when it is to be delivered.
 *
 * @param publisher with its certificate, if it had one; empty for the server itself, and for what
 *     was kept before publishers were: nobody is asked about then
 */
public record RetainedMessage(Message message, Optional<Owner> publisher) {}
