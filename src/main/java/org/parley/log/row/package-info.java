/** The rows of the state as bytes, and back. Pure: no engine, no files. */
@NullMarked
package org.parley.log.row;

import org.jspecify.annotations.NullMarked;
