/** What is kept of who did what, with which result: the events of the audit log. */
@NullMarked
package org.parley.audit;

import org.jspecify.annotations.NullMarked;
