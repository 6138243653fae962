/** The access log: one line for each message that a peer sent, and what became of it. */
@NullMarked
package org.parley.edge.accesslog;

import org.jspecify.annotations.NullMarked;
