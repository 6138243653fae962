package org.parley.pcp.codec;

import org.parley.pcp.message.MessageId;
import org.parley.pcp.message.PcpUri;

/** The values of an envelope that both versions have (sections 1.3 and 1.4). */
final class EnvelopeFields {
  private EnvelopeFields() {}

  /** Reads the identifier that follows a key just read. */
  static MessageId id(StrictJsonReader json, String detail) throws MalformedMessageException {
    return MessageId.parse(json.nextString(detail)).orElseThrow(() -> json.malformed(detail));
  }

  /** Reads the URI that follows a key just read. */
  static PcpUri uri(StrictJsonReader json, String detail) throws MalformedMessageException {
    return PcpUri.parse(json.nextString(detail)).orElseThrow(() -> json.malformed(detail));
  }

  /** Reads the {@code message_type} that follows its key. */
  static String messageType(StrictJsonReader json) throws MalformedMessageException {
    String messageType = json.nextString("message_type is not a string");
    if (messageType.length() > PcpV2Codec.MAXIMUM_MESSAGE_TYPE_LENGTH) {
      throw json.malformed("message_type too long");
    }
    return messageType;
  }
}
