package org.parley.pcp.broker;

import org.parley.pcp.message.PcpUri;
import org.parley.policy.Decision;
import org.parley.session.ClientSession;

/** Decides who may send what to whom. */
@FunctionalInterface
public interface Authorization {
  /**
   * Decides about one message.
   *
   * @param session of its sender
   * @param target {@link PcpUri#BROKER} for the broker under any of its names; else as written, or
   *     one client that a wildcard stands for
   */
  Decision decide(ClientSession session, String messageType, PcpUri target);

  /**
   * Returns whether a refused association request ends its session; else it is answered as any
   * other message.
   */
  default boolean associates() {
    return true;
  }
}
