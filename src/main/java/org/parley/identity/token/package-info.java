/** Bearer tokens: JSON Web Tokens (RFC 7519), and the keys that their signatures are checked by. */
@NullMarked
package org.parley.identity.token;

import org.jspecify.annotations.NullMarked;
