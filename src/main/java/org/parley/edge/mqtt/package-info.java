/** MQTT's ways in: listeners for TCP and TLS, and wires over WebSockets. */
@NullMarked
package org.parley.edge.mqtt;

import org.jspecify.annotations.NullMarked;
