/**
 * Tools for tests: a PKI with hostile certificates ({@link org.parley.testing.TestPki}), a raw
 * WebSocket ({@link org.parley.testing.RawWebSocket}) and a PCP client.
 */
@NullMarked
package org.parley.testing;

import org.jspecify.annotations.NullMarked;
