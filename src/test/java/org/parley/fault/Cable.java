package org.parley.fault;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The way from one client to a port of the broker, which can be cut, stalled and silenced. */
final class Cable implements AutoCloseable {
  private static final int BUFFER = 8 * 1024;
  private static final int CONNECT_MILLIS = 10_000;

  private final ServerSocket listener;
  private final int brokerPort;
  private final Window disturbed = new Window();
  private final Set<Pipe> pipes = ConcurrentHashMap.newKeySet();

  private final Consumer<byte[]> ear;

  private Cable(ServerSocket listener, int brokerPort, Consumer<byte[]> ear) {
    this.listener = listener;
    this.brokerPort = brokerPort;
    this.ear = ear;
  }

  static Cable to(int brokerPort) throws IOException {
    return to(brokerPort, _ -> {});
  }

  /** One on which somebody listens to what the client says. */
  static Cable to(int brokerPort, Consumer<byte[]> ear) throws IOException {
    var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var cable = new Cable(listener, brokerPort, ear);
    var _ = Thread.ofVirtual().name("cable").start(cable::accept);
    return cable;
  }

  /** Returns the port to connect to instead of the broker's. */
  int port() {
    return listener.getLocalPort();
  }

  /** Returns whether something was done to it at this time or later. */
  boolean disturbedSince(long nanos) {
    return disturbed.touches(nanos);
  }

  /** Cuts the connections for both ends: RST. */
  void reset() {
    disturbed.begin();
    pipes.forEach(Pipe::reset);
    disturbed.end();
  }

  /** Nothing passes for a time, in neither direction; then everything does. */
  void stall(Duration time) {
    disturbed.begin();
    var stall = new CountDownLatch(1);
    pipes.forEach(pipe -> pipe.gate = stall);
    var _ =
        Thread.ofVirtual()
            .name("stall")
            .start(
                () -> {
                  await(stall, time);
                  stall.countDown();
                  disturbed.end();
                });
  }

  /** Nothing passes any more on the connections that are there, and neither end is told. */
  void silence() {
    disturbed.begin();
    pipes.forEach(pipe -> pipe.gate = new CountDownLatch(1));
    disturbed.end();
  }

  private static void await(CountDownLatch latch, Duration limit) {
    try {
      var _ = latch.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        var _ = Thread.ofVirtual().name("cable").start(() -> carry(client));
      } catch (IOException _) {
        // closed
      }
    }
  }

  private void carry(Socket client) {
    var broker = new Socket();
    var pipe = new Pipe(client, broker);
    try {
      client.setTcpNoDelay(true);
      broker.setTcpNoDelay(true);
      broker.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), brokerPort), CONNECT_MILLIS);
      pipes.add(pipe);
      var _ = Thread.ofVirtual().name("cable").start(() -> pipe.pump(client, broker, ear));
      pipe.pump(broker, client, _ -> {});
    } catch (IOException _) {
      pipe.reset(); // the broker is not there
    }
  }

  /** One connection. */
  private final class Pipe {
    private final Socket client;
    private final Socket broker;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    Pipe(Socket client, Socket broker) {
      this.client = client;
      this.broker = broker;
    }

    void pump(Socket from, Socket to, Consumer<byte[]> heard) {
      var buffer = new byte[BUFFER];
      try {
        var in = from.getInputStream();
        var out = to.getOutputStream();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          gate.await();
          heard.accept(Arrays.copyOf(buffer, count));
          out.write(buffer, 0, count);
        }
        gate.await();
        to.shutdownOutput();
        if (from.isOutputShutdown()) {
          close();
        }
      } catch (IOException _) {
        pass();
      } catch (InterruptedException _) {
        reset();
      }
    }

    /** One end is gone: the other is told, unless nothing passes. */
    private void pass() {
      try {
        gate.await();
        reset();
      } catch (InterruptedException _) {
        reset();
      }
    }

    void reset() {
      try {
        client.setSoLinger(true, 0);
        broker.setSoLinger(true, 0);
      } catch (IOException _) {
        // closed already
      }
      close();
    }

    private void close() {
      pipes.remove(this);
      try (client;
          broker) {
        gate.countDown();
      } catch (IOException _) {
        // closed already
      }
    }
  }

  /** Ends the connections that are silent, too. */
  @Override
  public void close() throws IOException {
    listener.close();
    pipes.forEach(Pipe::close);
  }
}
