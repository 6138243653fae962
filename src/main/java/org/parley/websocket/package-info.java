/** The servlet adapter under the WebSocket engine: bytes only. */
@NullMarked
package org.parley.websocket;

import org.jspecify.annotations.NullMarked;
