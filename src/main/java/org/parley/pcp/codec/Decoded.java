package org.parley.pcp.codec;

import org.parley.pcp.message.PcpMessage;

/**
 * What came of decoding one WebSocket message.
 *
 * @param <M> the version's messages
 */
public sealed interface Decoded<M extends PcpMessage> {
  /** A whole message that keeps every rule of the format. */
  record Complete<M extends PcpMessage>(M message) implements Decoded<M> {}

  /**
   * The input breaks the format; the peer is answered {@code Could not decode message} without
   * {@code in_reply_to} (section 1.5) and stays connected.
   *
   * @param detail one line for our log, without text of the peer; never sent to it
   */
  record Rejected<M extends PcpMessage>(String detail) implements Decoded<M> {}
}
