/** PCP messages and their parts as values. */
@NullMarked
package org.parley.pcp.message;

import org.jspecify.annotations.NullMarked;
