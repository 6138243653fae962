package org.parley.fault;

import java.io.IOException;

/** The broker has said no, or goodbye. */
final class Refused extends IOException {
  private static final long serialVersionUID = 1L;

  Refused(String how) {
    super(how);
  }
}
