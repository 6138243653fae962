package org.parley.log.row;

/** Bytes that are no row of ours: damaged, or of a version that is not known. */
public final class RowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RowException(String message) {
    super(message, null, false, false);
  }
}
