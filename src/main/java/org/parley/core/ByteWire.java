package org.parley.core;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * One network connection that carries a stream of bytes, whatever brings it: TCP, TLS or WebSocket.
 * It has one owner, {@link #executor()}: the handler is called there only, never twice at a time,
 * and all methods but {@code executor} and {@code peer} are called there only.
 */
public interface ByteWire {

  /** What is done with the bytes that arrive. */
  interface Handler {
    /**
     * Bytes have arrived. What is not consumed is not kept: the handler joins what belongs
     * together. The buffer is the wire's own after the call.
     */
    void received(ByteBuffer bytes);

    /** All that had arrived has been handed over: the time to write what is ready. */
    void receivedAll();

    /** The peer takes bytes again, after {@link ByteWire#writable()} was false. */
    void writable();

    /** The wire is gone, for whatever reason; the last call. */
    void closed();
  }

  /** Meets new wires. */
  @FunctionalInterface
  interface Acceptor {
    /**
     * Returns the handler of a wire that has just opened; called on the wire's executor, which is
     * not done with the opening: it must not write or end the wire.
     */
    Handler accept(ByteWire wire);
  }

  /**
   * The other end.
   *
   * @param transport {@code tcp}, {@code tls}, {@code ws} or {@code wss}
   * @param remoteAddress the numeric address
   * @param chain the peer's certificate chain as TLS has verified it; empty without a certificate
   * @param proxied a proxy has brought it, and has said which address it has: it is no neighbour,
   *     wherever the proxy is
   */
  record Peer(
      String transport,
      String remoteAddress,
      int remotePort,
      List<X509Certificate> chain,
      boolean proxied) {
    public Peer {
      chain = List.copyOf(chain);
    }

    /** A peer that has come by itself. */
    public Peer(
        String transport, String remoteAddress, int remotePort, List<X509Certificate> chain) {
      this(transport, remoteAddress, remotePort, chain, false);
    }
  }

  Peer peer();

  /** Runs tasks one after the other, as the owner of this wire. */
  Executor executor();

  /** Copies and queues what remains, and begins to send it. Without effect after the end. */
  void write(ByteBuffer bytes);

  /** Returns whether so little waits to be sent that more may be written. */
  boolean writable();

  /** Returns the bytes that were written and have not been sent. */
  long unsentBytes();

  /** Begins or stops to read from the peer; begun at first. */
  void reading(boolean on);

  /**
   * Sends what was written, tells the peer the end, and closes within a limit of time. What arrives
   * from now on is thrown away.
   */
  void finish();

  /** Closes at once; what was not sent is lost. Without effect once the wire is gone. */
  void abort();
}
