/**
 * The state of sessions as a deterministic machine: commands in, events out, no clock, no I/O. One
 * thread at a time applies commands.
 */
@NullMarked
package org.parley.mqtt.state;

import org.jspecify.annotations.NullMarked;
