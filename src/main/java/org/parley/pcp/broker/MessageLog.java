package org.parley.pcp.broker;

import java.util.Optional;
import org.parley.pcp.message.PcpMessage;
import org.parley.session.ClientSession;

/** Told of every message that a peer sent, once its fate is decided. Must not block. */
@FunctionalInterface
public interface MessageLog {
  /** Keeps no log. */
  MessageLog NONE = (_, _, _) -> {};

  /**
   * Takes one entry.
   *
   * @param session that the message came from
   * @param message empty when it could not be decoded
   */
  void record(Outcome outcome, ClientSession session, Optional<PcpMessage> message);
}
