/** The audit log: one line for each thing that has to be attributed to somebody. */
@NullMarked
package org.parley.edge.auditlog;

import org.jspecify.annotations.NullMarked;
