package org.parley.policy.file;

import org.parley.policy.file.PolicyProblem.Place;

/** Ends the reading of a file; never leaves this package. */
final class PolicyProblemException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient PolicyProblem problem;

  PolicyProblemException(Place place, String what, String about, String remedy) {
    super(what, null, false, false);
    this.problem = new PolicyProblem(place, what, about, remedy);
  }

  PolicyProblem problem() {
    return problem;
  }
}
