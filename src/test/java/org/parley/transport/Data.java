package org.parley.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Random;

/** Bytes to send. */
final class Data {
  private Data() {}

  static byte[] ofLength(int length) {
    var data = new byte[length];
    new Random(1).nextBytes(data);
    return data;
  }

  static void write(Socket socket, byte[] data) {
    try {
      socket.getOutputStream().write(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes a socket before the end of its scope. */
  static void close(Socket socket) throws IOException {
    socket.close();
  }

  /** Reads what comes up to the end of the connection, however it ends. */
  static void readToTheEnd(Socket socket) throws IOException {
    try {
      var _ = socket.getInputStream().readAllBytes();
    } catch (SocketException _) {
      // it was reset: that is an end, too
    }
  }

  /** Ends by the exception of a connection that is gone. */
  static void writeForEver(Socket socket) throws IOException {
    var some = ofLength(1000);
    while (true) {
      socket.getOutputStream().write(some);
    }
  }
}
