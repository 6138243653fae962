package org.parley.pcp.broker;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.parley.pcp.message.ErrorTexts;

/** What became of one message of a peer; the access log has a line for each. */
public enum Outcome {
  /** In the queue of its target, or of each of them. */
  DELIVERED(Classic.AUTHORIZATION_SUCCESS, null),
  /** For the broker, and done. */
  HANDLED(Classic.AUTHORIZATION_SUCCESS, null),
  /** An error sent to the broker: never answered. */
  IGNORED(Classic.AUTHORIZATION_SUCCESS, null),
  /** For the broker, of a type that it does not know. */
  UNKNOWN_TYPE(Classic.AUTHORIZATION_SUCCESS, ErrorTexts.UNKNOWN_TYPE),
  /** For the broker, of a known type, with data that is not as it should be. */
  INVALID_REQUEST(Classic.AUTHORIZATION_SUCCESS, null),
  NOT_CONNECTED(Classic.AUTHORIZATION_SUCCESS, ErrorTexts.NOT_CONNECTED),
  QUEUE_FULL(Classic.AUTHORIZATION_SUCCESS, ErrorTexts.QUEUE_FULL),
  INEXPRESSIBLE(Classic.AUTHORIZATION_SUCCESS, ErrorTexts.INEXPRESSIBLE),
  TOO_BIG(Classic.AUTHORIZATION_SUCCESS, ErrorTexts.TOO_BIG),
  EXPIRED(Classic.EXPIRED, null),
  MULTIPLE_RECIPIENTS(Classic.MULTICAST_UNSUPPORTED, ErrorTexts.MULTIPLE_RECIPIENTS),
  NOT_AUTHENTICATED(Classic.AUTHENTICATION_FAILURE, ErrorTexts.NOT_AUTHENTICATED),
  NOT_AUTHORIZED(Classic.AUTHORIZATION_FAILURE, ErrorTexts.NOT_AUTHORIZED),
  UNDECODABLE(Classic.DESERIALIZATION_ERROR, ErrorTexts.COULD_NOT_DECODE);

  /** The outcomes that the access log of pcp-broker knows (section 2.8). */
  public enum Classic {
    AUTHORIZATION_SUCCESS,
    AUTHENTICATION_FAILURE,
    AUTHORIZATION_FAILURE,
    MULTICAST_UNSUPPORTED,
    DESERIALIZATION_ERROR,
    EXPIRED
  }

  private final Classic classic;
  private final @Nullable String errorText;

  Outcome(Classic classic, @Nullable String errorText) {
    this.classic = classic;
    this.errorText = errorText;
  }

  /** Returns the outcome that stands for it in the classic layout. */
  public Classic classic() {
    return classic;
  }

  /**
   * Returns the text that the sender is told, one of {@link ErrorTexts}.
   *
   * @throws IllegalStateException if it is told none, or one of its own
   */
  String errorText() {
    if (errorText == null) {
      throw new IllegalStateException(this + " has no error text");
    }
    return errorText;
  }

  /** Returns the name used in logs and metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
