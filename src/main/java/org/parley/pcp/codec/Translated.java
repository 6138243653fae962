package org.parley.pcp.codec;

import org.parley.pcp.message.PcpMessage;

/**
 * What came of carrying a message from one version over to the other.
 *
 * @param <M> the other version's messages
 */
public sealed interface Translated<M extends PcpMessage> {
  /** The same message in the other version. */
  record Complete<M extends PcpMessage>(M message) implements Translated<M> {}

  /**
   * The other version cannot say it; its sender is told.
   *
   * @param detail one line for our log, without text of the peer
   */
  record Inexpressible<M extends PcpMessage>(String detail) implements Translated<M> {}
}
