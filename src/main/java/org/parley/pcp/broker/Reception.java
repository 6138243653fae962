package org.parley.pcp.broker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.parley.pcp.codec.Decoded;
import org.parley.pcp.codec.PcpV1Codec;
import org.parley.pcp.codec.PcpV2Codec;
import org.parley.pcp.message.PcpMessage;
import org.parley.session.ClientSession;
import org.parley.session.Protocol;

/** Takes what peers send: reads it in the version that they speak, and sends it on its way. */
public final class Reception {
  private static final Logger LOG = System.getLogger(Reception.class.getName());

  private final PcpV1Codec v1;
  private final PcpV2Codec v2;
  private final Router router;
  private final Replies replies;
  private final MessageLog log;

  public Reception(PcpV1Codec v1, PcpV2Codec v2, Router router, Replies replies, MessageLog log) {
    this.v1 = v1;
    this.v2 = v2;
    this.router = router;
    this.replies = replies;
    this.log = log;
  }

  /**
   * Takes one text message. On a path of version 1 the first message decides: if it is a version 2
   * message, that is what the session speaks from then on.
   *
   * @param authorization what the session may send
   */
  void take(ClientSession session, String text, Authorization authorization) {
    if (session.protocol() == Protocol.PCP_V1 && !session.provisional()) {
      undecodable(session, "text on version 1");
      return;
    }
    switch (v2.decode(text)) {
      case Decoded.Complete(var message) -> {
        session.settle(Protocol.PCP_V2);
        route(session, message, authorization);
      }
      case Decoded.Rejected(var detail) -> {
        session.settle(session.protocol());
        undecodable(session, detail);
      }
    }
  }

  /** Takes one binary message; version 2 has none. */
  void take(ClientSession session, ByteBuffer frame, Authorization authorization) {
    if (session.protocol() == Protocol.PCP_V2) {
      undecodable(session, "binary on version 2");
      return;
    }
    session.settle(Protocol.PCP_V1);
    switch (v1.decode(frame)) {
      case Decoded.Complete(var message) -> route(session, message, authorization);
      case Decoded.Rejected(var detail) -> undecodable(session, detail);
    }
  }

  private void route(ClientSession session, PcpMessage message, Authorization authorization) {
    var outcome = router.route(session, message, authorization);
    log.record(outcome, session, Optional.of(message));
  }

  private void undecodable(ClientSession session, String detail) {
    LOG.log(Level.DEBUG, () -> session + " sent what is no message: " + detail);
    replies.couldNotDecode(session);
    log.record(Outcome.UNDECODABLE, session, Optional.empty());
  }
}
