/**
 * Who a peer is: the one rule from a certificate to a {@link org.parley.identity.PeerPrincipal}.
 */
@NullMarked
package org.parley.identity;

import org.jspecify.annotations.NullMarked;
