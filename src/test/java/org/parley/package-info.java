/** Tests of the whole. */
@NullMarked
package org.parley;

import org.jspecify.annotations.NullMarked;
