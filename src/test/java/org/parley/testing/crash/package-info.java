/** A load that knows what was acknowledged, against a broker that is killed again and again. */
@NullMarked
package org.parley.testing.crash;

import org.jspecify.annotations.NullMarked;
