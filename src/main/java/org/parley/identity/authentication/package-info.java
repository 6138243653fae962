/**
 * How a peer proves who it is beyond its certificate: user names with passwords, Authentication
 * Methods, and the rule that says who may be nobody.
 */
@NullMarked
package org.parley.identity.authentication;

import org.jspecify.annotations.NullMarked;
