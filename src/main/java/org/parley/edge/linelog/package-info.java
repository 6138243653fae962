/** Files that lines are added to, on a thread of their own: nobody waits for them. */
@NullMarked
package org.parley.edge.linelog;

import org.jspecify.annotations.NullMarked;
