/** Commands in one order: applied, made durable, then told. */
@NullMarked
package org.parley.log;

import org.jspecify.annotations.NullMarked;
