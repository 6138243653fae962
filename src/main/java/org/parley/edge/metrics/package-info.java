/** What the broker counts and measures, as text for Prometheus. */
@NullMarked
package org.parley.edge.metrics;

import org.jspecify.annotations.NullMarked;
