/** The links that the broker dials itself: one WebSocket to each controller of the settings. */
@NullMarked
package org.parley.edge.controller;

import org.jspecify.annotations.NullMarked;
