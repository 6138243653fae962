/** Who hears a topic: filters, the index of subscriptions, shared groups, retained messages. */
@NullMarked
package org.parley.mqtt.routing;

import org.jspecify.annotations.NullMarked;
