package org.parley.testing.crash;

import java.io.IOException;

/** A part of the load; it goes on where it was whenever the broker is there again. */
interface Client {
  /** Longer than any test. */
  long EXPIRY_SECONDS = 86_400;

  String name();

  /**
   * Works until the connection ends, which is an {@link IOException}, or there is no more to do.
   */
  void run(int port) throws IOException;
}
