/** Tests against a real Open Liberty, as a peer or an operator sees it. */
@NullMarked
package org.parley.it;

import org.jspecify.annotations.NullMarked;
