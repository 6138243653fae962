/** Bytes to MQTT control packets and back, for MQTT 5.0, 3.1.1 and 3.1. */
@NullMarked
package org.parley.mqtt.codec;

import org.jspecify.annotations.NullMarked;
