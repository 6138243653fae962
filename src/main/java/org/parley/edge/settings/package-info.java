/** Every setting of the broker: its key, its default, its check. */
@NullMarked
package org.parley.edge.settings;

import org.jspecify.annotations.NullMarked;
