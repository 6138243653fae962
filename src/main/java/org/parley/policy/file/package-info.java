/** The policy file: from YAML or JSON to rules, or to one problem with its line and column. */
@NullMarked
package org.parley.policy.file;

import org.jspecify.annotations.NullMarked;
