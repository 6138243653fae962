package org.parley.mqtt.packet;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * CONNECT, MQTT 5.0 section 3.1.
 *
 * @param cleanStart Clean Session before 5.0
 * @param keepAlive in seconds, 0 to 65535; 0 switches it off
 * @param clientId may be empty
 */
public record Connect(
    ProtocolVersion version,
    boolean cleanStart,
    int keepAlive,
    Properties properties,
    String clientId,
    Optional<Will> will,
    Optional<String> userName,
    Optional<BinaryData> password)
    implements Packet {

  /**
   * Properties of CONNECT.
   *
   * @param sessionExpiry seconds, 0 to 4294967295; absent is not the same as 0 for a later
   *     DISCONNECT
   * @param receiveMaximum 1 to 65535, 65535 if absent
   * @param maximumPacketSize bytes of a whole packet, 1 to 4294967295
   * @param topicAliasMaximum 0 to 65535
   */
  public record Properties(
      OptionalLong sessionExpiry,
      int receiveMaximum,
      OptionalLong maximumPacketSize,
      int topicAliasMaximum,
      boolean requestResponseInformation,
      boolean requestProblemInformation,
      Optional<String> authenticationMethod,
      Optional<BinaryData> authenticationData,
      List<UserProperty> userProperties) {

    public static final Properties NONE =
        new Properties(
            OptionalLong.empty(),
            65535,
            OptionalLong.empty(),
            0,
            false,
            true,
            Optional.empty(),
            Optional.empty(),
            List.of());

    public Properties {
      userProperties = List.copyOf(userProperties);
    }
  }

  @Override
  public PacketType type() {
    return PacketType.CONNECT;
  }
}
