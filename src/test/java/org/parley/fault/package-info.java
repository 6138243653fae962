/** Runs against the real server that take minutes: {@code bench/fault}. */
@NullMarked
package org.parley.fault;

import org.jspecify.annotations.NullMarked;
