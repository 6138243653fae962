package org.parley.pcp.broker;

import java.util.Collection;
import org.parley.core.CloseReason;
import org.parley.core.OutboundQueue.Offer;
import org.parley.pcp.message.BrokerMessages;
import org.parley.pcp.message.ErrorTexts;
import org.parley.pcp.message.MessageId;
import org.parley.pcp.message.V2Message;
import org.parley.session.ClientSession;
import org.parley.session.ClientUri;
import org.parley.session.Protocol;

/**
 * Sends a peer what the broker itself has to say. A peer that asks and does not read the answers
 * loses its connection: the broker owes an answer to each message.
 */
public final class Replies {
  /** How a message that the policy denies is answered. */
  public enum Unauthorized {
    /** {@code error_message} {@code Message not authorized.}, which deployed clients understand. */
    ERROR_MESSAGE,
    /** {@code unauthorized}, as the written specification of version 2 has it. */
    SPEC
  }

  private final SessionEncoder encoder;
  private final BrokerMessages messages;
  private final Unauthorized unauthorized;
  private final PcpCounters counters;

  public Replies(
      SessionEncoder encoder,
      BrokerMessages messages,
      Unauthorized unauthorized,
      PcpCounters counters) {
    this.encoder = encoder;
    this.messages = messages;
    this.unauthorized = unauthorized;
    this.counters = counters;
  }

  /** Answers what could not be read. */
  void couldNotDecode(ClientSession session) {
    counters.error(ErrorTexts.COULD_NOT_DECODE);
    send(session, messages.couldNotDecode());
  }

  /**
   * Answers a message by an error.
   *
   * @param description one of {@link ErrorTexts}
   */
  void error(ClientSession session, MessageId inReplyTo, String description) {
    counters.error(description);
    send(session, messages.error(description, inReplyTo));
  }

  /**
   * Tells a sender that a message of its was lost in the queue of its receiver. It did not ask for
   * that now: if it has no room, it goes untold, and counted.
   */
  void lost(ClientSession session, MessageId inReplyTo) {
    counters.error(ErrorTexts.NOT_CONNECTED);
    var error = messages.error(ErrorTexts.NOT_CONNECTED, inReplyTo);
    if (session.connection().send(encoder.own(session, error)) == Offer.FULL) {
      counters.unanswerable();
    }
  }

  /** Answers a message that the policy denies. */
  void notAuthorized(ClientSession session, MessageId inReplyTo) {
    if (unauthorized == Unauthorized.SPEC && session.protocol() == Protocol.PCP_V2) {
      counters.error(ErrorTexts.NOT_AUTHORIZED);
      send(session, messages.unauthorized(inReplyTo));
    } else {
      error(session, inReplyTo, ErrorTexts.NOT_AUTHORIZED);
    }
  }

  /** Tells a sender that its message came too late (section 1.3). */
  void ttlExpired(ClientSession session, MessageId expired) {
    counters.error("ttl_expired");
    send(session, messages.ttlExpired(session.uri(), expired));
  }

  /** Tells a sender who gets its message, before they do (section 1.3). */
  void destinationReport(
      ClientSession session, MessageId reported, Collection<ClientUri> receivers) {
    send(session, messages.destinationReport(session.uri(), reported, receivers));
  }

  /** Answers an association request by yes: the session has been associated since it opened. */
  void associated(ClientSession session, MessageId inReplyTo) {
    send(session, messages.associated(session.uri(), inReplyTo));
  }

  /**
   * Answers a request to the broker that is not as it should be.
   *
   * @param reason one line fit for the peer
   */
  void invalidRequest(ClientSession session, MessageId inReplyTo, String reason) {
    counters.error("invalid request");
    send(session, messages.error(reason, inReplyTo));
  }

  /** Answers an association request by no, and ends the session. */
  void associationRefused(ClientSession session, MessageId inReplyTo, String reason) {
    counters.error(reason);
    send(session, messages.associationRefused(session.uri(), inReplyTo, reason));
    session.connection().close(CloseReason.ASSOCIATION_UNSUCCESSFUL);
  }

  /** Sends a message of the broker; returns whether it was queued. */
  boolean send(ClientSession session, V2Message message) {
    var offer = session.connection().send(encoder.own(session, message));
    if (offer == Offer.FULL) {
      counters.unanswerable();
      session.connection().close(CloseReason.TOO_SLOW);
    }
    return offer == Offer.QUEUED;
  }
}
