/** The status pages that fleets of pcp-broker are watched by (section 2.8). */
@NullMarked
package org.parley.edge.status;

import org.jspecify.annotations.NullMarked;
