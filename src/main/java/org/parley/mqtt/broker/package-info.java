/** Network connections of MQTT: packets to commands, events to packets; order, flow, time. */
@NullMarked
package org.parley.mqtt.broker;

import org.jspecify.annotations.NullMarked;
