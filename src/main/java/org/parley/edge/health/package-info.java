/** MicroProfile Health: what an operator and an orchestrator look at. */
@NullMarked
package org.parley.edge.health;

import org.jspecify.annotations.NullMarked;
