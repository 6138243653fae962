package org.parley.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A cable between a client and the broker that can be cut; it carries one connection. */
final class Relay implements AutoCloseable {
  private final ServerSocket listener;
  private final List<Socket> ends = new CopyOnWriteArrayList<>();

  private Relay(ServerSocket listener) {
    this.listener = listener;
  }

  /** Listens on a port of its own for one connection, and carries it to a port of the broker. */
  static Relay to(int port) throws IOException {
    var relay = new Relay(new ServerSocket(0, 1, InetAddress.getByName("localhost")));
    var _ = Thread.ofVirtual().start(() -> relay.carry(port));
    return relay;
  }

  int port() {
    return listener.getLocalPort();
  }

  private void carry(int port) {
    try {
      var client = listener.accept();
      ends.add(client);
      var broker = new Socket("localhost", port);
      ends.add(broker);
      var _ = Thread.ofVirtual().start(() -> copy(broker, client));
      copy(client, broker);
    } catch (IOException _) {
      close();
    }
  }

  private void copy(Socket from, Socket to) {
    try {
      var _ = from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // cut
    } finally {
      close();
    }
  }

  /** Cuts it, for both ends; nothing happens if it is cut. */
  @Override
  public void close() {
    try {
      listener.close();
      for (var end : ends) {
        end.close();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
