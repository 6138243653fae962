/** What both protocols share: connections, their wire status, bounded queues, close reasons. */
@NullMarked
package org.parley.core;

import org.jspecify.annotations.NullMarked;
