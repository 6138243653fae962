/** The Jakarta and MicroProfile shell: endpoints, the upgrade filter, beans, health, settings. */
@NullMarked
package org.parley.edge;

import org.jspecify.annotations.NullMarked;
