/** The control packets of MQTT 5.0, 3.1.1 and 3.1 as values, one model for the three. */
@NullMarked
package org.parley.mqtt.packet;

import org.jspecify.annotations.NullMarked;
