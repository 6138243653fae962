/** The rules of RFC 6455 for what a client sends; no input or output. */
@NullMarked
package org.parley.websocket.protocol;

import org.jspecify.annotations.NullMarked;
