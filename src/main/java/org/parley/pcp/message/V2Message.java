package org.parley.pcp.message;

import java.util.List;
import java.util.Optional;

/**
 * A version 2 message (section 1.4). The broker's own messages are made in this form too.
 *
 * @param id names the message; a reply carries it as {@code in_reply_to}
 * @param messageType any text
 * @param target absent means the broker
 * @param sender absent until the broker fills in the session's URI; absent in the broker's own
 * @param inReplyTo the {@code id} that this message answers
 * @param data the body; {@link JsonText#NULL} is a body, absent is none
 */
public record V2Message(
    MessageId id,
    String messageType,
    Optional<PcpUri> target,
    Optional<PcpUri> sender,
    Optional<MessageId> inReplyTo,
    Optional<JsonText> data)
    implements PcpMessage {

  @Override
  public List<PcpUri> targets() {
    return List.of(target.orElse(PcpUri.BROKER));
  }

  /** Returns this message with another sender. */
  public V2Message withSender(PcpUri newSender) {
    return new V2Message(id, messageType, target, Optional.of(newSender), inReplyTo, data);
  }

  /** Returns this message with another target. */
  public V2Message withTarget(PcpUri newTarget) {
    return new V2Message(id, messageType, Optional.of(newTarget), sender, inReplyTo, data);
  }
}
