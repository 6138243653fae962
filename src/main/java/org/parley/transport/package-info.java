/** TCP and TLS by Netty: listeners and their wires. It knows bytes, not MQTT. */
@NullMarked
package org.parley.transport;

import org.jspecify.annotations.NullMarked;
