package org.parley.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The other side of one connection in tests of the test tools: accepts once and runs a script. */
final class LoopbackPeer implements AutoCloseable {

  interface Script<T> {
    T run(Socket socket) throws IOException;
  }

  private final ServerSocket server;

  LoopbackPeer() throws IOException {
    this(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
  }

  LoopbackPeer(ServerSocket server) {
    this.server = server;
  }

  int port() {
    return server.getLocalPort();
  }

  /** Accepts one connection and runs the script; the socket is closed behind it. */
  <T> Running<T> accept(Script<T> script) {
    var result = new CompletableFuture<T>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (var socket = server.accept()) {
                result.complete(script.run(socket));
              } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    return new Running<>(result);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  record Running<T>(CompletableFuture<T> future) {
    /** Returns what the script returned. */
    T result() throws IOException {
      try {
        return future.get(10, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      } catch (InterruptedException | TimeoutException e) {
        throw new UncheckedIOException(new IOException(e));
      }
    }
  }
}
