/** What the MQTT standard demands of a server, proved on the wire. */
@NullMarked
package org.parley.mqtt.conformance;

import org.jspecify.annotations.NullMarked;
