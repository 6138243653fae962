package org.parley.policy.file;

/** What became of an ACL file of mosquitto. */
public sealed interface AclConverted {
  /**
   * A policy file that {@link PolicyReader} reads.
   *
   * @param policy in YAML
   */
  record Made(String policy) implements AclConverted {}

  /** There is no policy, not even for a part of it. */
  record Failed(PolicyProblem problem) implements AclConverted {}
}
