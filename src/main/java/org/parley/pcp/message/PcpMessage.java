package org.parley.pcp.message;

import java.util.List;
import java.util.Optional;

/**
 * A PCP message as a peer sent it. What both versions say is said here; how each carries its data,
 * and what only version 1 has, is in the two kinds.
 */
public sealed interface PcpMessage permits V1Message, V2Message {
  /** Returns what names the message; an answer refers to it. */
  MessageId id();

  /** Returns any text; see {@link #hasAuthorizableCharset()}. */
  String messageType();

  /** Returns to whom it goes: in version 2 one, in version 1 any number. */
  List<PcpUri> targets();

  /** Returns who says to have sent it; version 2 may leave that to the broker. */
  Optional<PcpUri> sender();

  /** Returns the {@code id} of the message that this one answers. */
  Optional<MessageId> inReplyTo();

  /**
   * Tells whether message_type matches {@code ^[\w\-.:/]*$} and each target {@code ^[\w\-.:/*]*$},
   * both ASCII (section 1.1). A message that does not is answered {@link
   * ErrorTexts#NOT_AUTHORIZED}.
   */
  default boolean hasAuthorizableCharset() {
    return isAuthorizable(messageType(), false)
        && targets().stream().allMatch(uri -> isAuthorizable(uri.text(), true));
  }

  private static boolean isAuthorizable(String text, boolean wildcards) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letterOrDigit && "_-.:/".indexOf(c) < 0 && !(wildcards && c == '*')) {
        return false;
      }
    }
    return true;
  }
}
