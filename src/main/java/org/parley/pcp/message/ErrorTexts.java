package org.parley.pcp.message;

/**
 * The exact texts of {@code error_message} (section 1.5, both versions). Clients compare them:
 * never reword one.
 */
public final class ErrorTexts {
  /** The message breaks the format; sent without {@code in_reply_to}. */
  public static final String COULD_NOT_DECODE = "Could not decode message";

  /** The sender is not the session's client. */
  public static final String NOT_AUTHENTICATED = "Message not authenticated.";

  /** The policy denies it, or message_type or target has a character outside the charset. */
  public static final String NOT_AUTHORIZED = "Message not authorized.";

  /** The target is a wildcard, or (version 1) there is not exactly one. */
  public static final String MULTIPLE_RECIPIENTS = "Multiple recipients no longer supported.";

  /** No client of that URI is connected. */
  public static final String NOT_CONNECTED = "Not connected.";

  /** The target reads too slowly: what waits for it has reached a bound. Ours. */
  public static final String QUEUE_FULL = "Not delivered, the target's queue is full.";

  /** The target speaks the other version, which cannot say this message. Ours. */
  public static final String INEXPRESSIBLE =
      "Not delivered, the target's version of PCP cannot carry this message.";

  /** The target would close its connection over a message of this size. Ours. */
  public static final String TOO_BIG = "Not delivered, the target takes no message of this size.";

  /** The broker does not know the message_type of a message to itself. Ours. */
  public static final String UNKNOWN_TYPE = "The broker does not support this message type.";

  /** Reason of an {@code associate_response}: the type is not the session's. */
  public static final String ALREADY_ASSOCIATED = "Session already associated.";

  private ErrorTexts() {}
}
