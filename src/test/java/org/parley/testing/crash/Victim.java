package org.parley.testing.crash;

import java.io.IOException;

/** A broker in a process of its own, on one data folder. */
public interface Victim extends AutoCloseable {

  /** Starts it; returns the port of MQTT over TCP when it takes connections. */
  int start() throws IOException;

  /** Ends it as SIGKILL does; it may be started again on what it has left. */
  void kill() throws IOException;

  @Override
  void close() throws IOException;
}
