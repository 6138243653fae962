package org.parley.transport;

import javax.net.ssl.SSLContext;

/** Where the broker's key and the authorities it trusts come from. */
@FunctionalInterface
public interface TlsContextProvider {
  /**
   * Returns the context for the next connection: another one after the key or the authorities have
   * changed. Called by the threads that own the wires, for each connection: must not block.
   */
  SSLContext current();
}
