package org.parley.policy;

/** What the policy says of an action, and which rule said so. */
public sealed interface Decision {
  /** Returns the name of the rule that decided, for logs; never sent to a peer. */
  String rule();

  /** The action may go on. */
  record Allowed(String rule) implements Decision {}

  /** The action is refused. */
  record Denied(String rule) implements Decision {}
}
