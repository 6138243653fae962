/**
 * The registry of who is connected, by which wire, since when; newest wins; changes as a stream.
 */
@NullMarked
package org.parley.session;

import org.jspecify.annotations.NullMarked;
