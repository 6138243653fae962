/** PCP bytes and text to messages and back. */
@NullMarked
package org.parley.pcp.codec;

import org.jspecify.annotations.NullMarked;
