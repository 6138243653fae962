package org.parley.it;

/** A client that is connected and has its SUBACK. */
interface Subscriber extends AutoCloseable {
  /** Waits for the next message. */
  ClientMessage next();

  /** Says DISCONNECT and ends. */
  void disconnect();

  /** Ends the connection without DISCONNECT, as a client does that loses its power. */
  void cut();

  /** Ends it somehow; nothing happens if it has ended. */
  @Override
  void close();
}
