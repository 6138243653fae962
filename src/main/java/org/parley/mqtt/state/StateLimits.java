package org.parley.mqtt.state;

/**
 * Limits of the state; each is counted where it is reached.
 *
 * @param sessions online and offline together
 * @param queuedMessages for one session, QoS 1 and 2
 * @param queuedBytes for one session, payloads and all
 * @param overflow what happens when a queue is full
 * @param subscriptions of one session
 * @param retainedMessages of all
 * @param retainedBytes of all
 * @param allQueuedBytes of all sessions; a message that waits for many of them counts once
 * @param allSubscriptions of all sessions
 */
public record StateLimits(
    int sessions,
    int queuedMessages,
    long queuedBytes,
    Overflow overflow,
    int subscriptions,
    int retainedMessages,
    long retainedBytes,
    long allQueuedBytes,
    int allSubscriptions) {

  /** Limits without one for the queues and subscriptions of all sessions together. */
  public StateLimits(
      int sessions,
      int queuedMessages,
      long queuedBytes,
      Overflow overflow,
      int subscriptions,
      int retainedMessages,
      long retainedBytes) {
    this(
        sessions,
        queuedMessages,
        queuedBytes,
        overflow,
        subscriptions,
        retainedMessages,
        retainedBytes,
        Long.MAX_VALUE,
        Integer.MAX_VALUE);
  }

  /** What happens to a message for a session whose queue is full. */
  public enum Overflow {
    /** The new message is dropped. */
    DROP_NEW,
    /** The oldest that is certainly not in flight is dropped. */
    DROP_OLDEST,
    /** The session ends: the client sees it by Session Present 0. */
    END_SESSION
  }
}
