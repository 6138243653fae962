package org.parley.it;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What has arrived at a client of this process. */
final class Inbox {
  private final BlockingQueue<ClientMessage> messages = new LinkedBlockingQueue<>();

  /** Takes a message from the client's own thread. */
  void put(String topic, byte[] payload, int qos, boolean retain) {
    messages.add(
        new ClientMessage(topic, new String(payload, StandardCharsets.UTF_8), qos, retain));
  }

  /** Waits for the next message. */
  ClientMessage next() {
    try {
      var message = messages.poll(ClientProgram.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("no message in " + ClientProgram.PATIENCE);
      }
      return message;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
