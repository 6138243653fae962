/** PCP association, delivery and inventory. */
@NullMarked
package org.parley.pcp.broker;

import org.jspecify.annotations.NullMarked;
