/** MQTT for tests: packets byte by byte, peers that say anything, a broker in this process. */
@NullMarked
package org.parley.testing.mqtt;

import org.jspecify.annotations.NullMarked;
