/** What one peer, and all peers together, may do how often; protocols ask, they do not count. */
@NullMarked
package org.parley.limit;

import org.jspecify.annotations.NullMarked;
