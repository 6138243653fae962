package org.parley.pcp.message;

import java.util.Optional;

/**
 * A PCP message, whatever version carries it (section 1.4).
 *
 * @param id names the message; a reply carries it as {@code in_reply_to}
 * @param messageType any text; see {@link #hasAuthorizableCharset()}
 * @param target absent means the broker
 * @param sender absent until the broker fills in the session's URI; absent in the broker's own
 * @param inReplyTo the {@code id} that this message answers
 * @param data the body; {@link JsonText#NULL} is a body, absent is none
 */
public record PcpMessage(
    MessageId id,
    String messageType,
    Optional<PcpUri> target,
    Optional<PcpUri> sender,
    Optional<MessageId> inReplyTo,
    Optional<JsonText> data) {

  /** Returns this message with another sender. */
  public PcpMessage withSender(PcpUri newSender) {
    return new PcpMessage(id, messageType, target, Optional.of(newSender), inReplyTo, data);
  }

  /** Returns this message with another target. */
  public PcpMessage withTarget(PcpUri newTarget) {
    return new PcpMessage(id, messageType, Optional.of(newTarget), sender, inReplyTo, data);
  }

  /**
   * Tells whether message_type matches {@code ^[\w\-.:/]*$} and target {@code ^[\w\-.:/*]*$}, both
   * ASCII (section 1.1). A message that does not is answered {@link ErrorTexts#NOT_AUTHORIZED}.
   */
  public boolean hasAuthorizableCharset() {
    return messageType.chars().allMatch(PcpMessage::isAuthorizable)
        && target.stream()
            .flatMapToInt(uri -> uri.text().chars())
            .allMatch(c -> c == '*' || isAuthorizable(c));
  }

  private static boolean isAuthorizable(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "_-.:/".indexOf(c) >= 0;
  }
}
