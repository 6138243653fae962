package org.parley.mqtt.state;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What the queues of all sessions hold together. A message counts once, however many queues it is
 * in; its places in them count for themselves. The thread that applies commands changes it.
 */
final class AllQueues {
  /** Bytes that a place in a queue costs, about. */
  static final int PLACE_BYTES = 64;

  /** A message as long as it is in some queue. */
  static final class Held {
    private final long size;
    private int places;

    Held(Message message) {
      size = message.sizeBytes();
    }
  }

  private final AtomicLong places = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  /** A message has got a place in one more queue. */
  void add(Held held) {
    held.places++;
    change(1, held.places == 1 ? held.size + PLACE_BYTES : PLACE_BYTES);
  }

  /** A message has lost a place. */
  void remove(Held held) {
    held.places--;
    change(-1, held.places == 0 ? -held.size - PLACE_BYTES : -PLACE_BYTES);
  }

  private void change(long morePlaces, long moreBytes) {
    places.setRelease(places.getPlain() + morePlaces);
    bytes.setRelease(bytes.getPlain() + moreBytes);
  }

  /** Returns how many deliveries are owed; any thread may ask. */
  long places() {
    return places.getAcquire();
  }

  /** Any thread may ask. */
  long bytes() {
    return bytes.getAcquire();
  }
}
