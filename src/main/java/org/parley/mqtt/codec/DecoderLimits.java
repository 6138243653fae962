package org.parley.mqtt.codec;

/**
 * What a client may send at most.
 *
 * @param maximumPacketSize bytes of a whole packet with its fixed header, after CONNECT; 2 to
 *     268435460
 * @param maximumConnectSize the same for CONNECT, when nobody knows yet who sends it
 * @param rejectDisallowedCodePoints whether control characters and non-characters make text
 *     malformed, MQTT 5.0 section 1.5.4; U+0000 and surrogates always do
 * @param maximumUserProperties User Properties of one property block: five bytes each would
 *     otherwise cost a hundred in memory
 * @param maximumFilters Topic Filters of one SUBSCRIBE or UNSUBSCRIBE, for the same reason
 */
public record DecoderLimits(
    int maximumPacketSize,
    int maximumConnectSize,
    boolean rejectDisallowedCodePoints,
    int maximumUserProperties,
    int maximumFilters) {

  /** The greatest packet that the standard has: Remaining Length 268435455 and its header. */
  public static final int GREATEST_PACKET = 268_435_455 + 5;

  /** In User Properties of a block, if nothing else is said. */
  public static final int DEFAULT_USER_PROPERTIES = 1_000;

  /** In filters of a packet, if nothing else is said. */
  public static final int DEFAULT_FILTERS = 10_000;

  private static final int LEAST_PACKET = 2;

  public DecoderLimits {
    requirePacketSize(maximumPacketSize);
    requirePacketSize(maximumConnectSize);
    if (maximumUserProperties < 0 || maximumFilters < 1) {
      throw new IllegalArgumentException("a limit that nothing can hold");
    }
  }

  public DecoderLimits(
      int maximumPacketSize, int maximumConnectSize, boolean rejectDisallowedCodePoints) {
    this(
        maximumPacketSize,
        maximumConnectSize,
        rejectDisallowedCodePoints,
        DEFAULT_USER_PROPERTIES,
        DEFAULT_FILTERS);
  }

  private static void requirePacketSize(int size) {
    if (size < LEAST_PACKET || size > GREATEST_PACKET) {
      throw new IllegalArgumentException("no size of a packet: " + size);
    }
  }
}
