/** Who may do what: actions, decisions, and the policy that decides them. */
@NullMarked
package org.parley.policy;

import org.jspecify.annotations.NullMarked;
