package org.parley.pcp.codec;

import org.parley.pcp.message.PcpMessage;

/** What came of decoding one WebSocket message. */
public sealed interface Decoded {
  /** A whole message that keeps every rule of the format. */
  record Complete(PcpMessage message) implements Decoded {}

  /**
   * The input breaks the format; the peer is answered {@code Could not decode message} without
   * {@code in_reply_to} (section 1.5) and stays connected.
   *
   * @param detail one line for our log, without text of the peer; never sent to it
   */
  record Rejected(String detail) implements Decoded {}
}
