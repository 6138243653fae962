package org.parley.pcp.broker;

import org.parley.core.CloseReason;
import org.parley.core.Outbound;
import org.parley.core.OutboundQueue.Offer;
import org.parley.pcp.codec.PcpV2Codec;
import org.parley.pcp.message.BrokerMessages;
import org.parley.pcp.message.ErrorTexts;
import org.parley.pcp.message.MessageId;
import org.parley.pcp.message.PcpMessage;
import org.parley.session.ClientSession;

/**
 * Sends a peer what the broker itself has to say. A peer that asks and does not read the answers
 * loses its connection: the broker owes an answer to each message.
 */
public final class Replies {
  /** How a message that the policy denies is answered. */
  public enum Unauthorized {
    /** {@code error_message} {@code Message not authorized.}, which deployed clients understand. */
    ERROR_MESSAGE,
    /** {@code unauthorized}, as the written specification has it. */
    SPEC
  }

  private final PcpV2Codec codec;
  private final BrokerMessages messages;
  private final Unauthorized unauthorized;
  private final PcpCounters counters;

  public Replies(
      PcpV2Codec codec, BrokerMessages messages, Unauthorized unauthorized, PcpCounters counters) {
    this.codec = codec;
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
    if (session.connection().send(encode(error)) == Offer.FULL) {
      counters.unanswerable();
    }
  }

  /** Answers a message that the policy denies. */
  void notAuthorized(ClientSession session, MessageId inReplyTo) {
    switch (unauthorized) {
      case ERROR_MESSAGE -> error(session, inReplyTo, ErrorTexts.NOT_AUTHORIZED);
      case SPEC -> {
        counters.error(ErrorTexts.NOT_AUTHORIZED);
        send(session, messages.unauthorized(inReplyTo));
      }
    }
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
  boolean send(ClientSession session, PcpMessage message) {
    var offer = session.connection().send(encode(message));
    if (offer == Offer.FULL) {
      counters.unanswerable();
      session.connection().close(CloseReason.TOO_SLOW);
    }
    return offer == Offer.QUEUED;
  }

  Outbound encode(PcpMessage message) {
    return Outbound.Text.of(codec.encode(message));
  }
}
