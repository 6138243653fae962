package org.parley.mqtt.packet;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** CONNACK, MQTT 5.0 section 3.2. Before 5.0 only the return code that stands for the reason. */
public record Connack(boolean sessionPresent, ReasonCode reason, Properties properties)
    implements Packet {

  /** Returns a refusal: Session Present is 0 [MQTT-3.2.2-6]. */
  public static Connack refused(ReasonCode reason) {
    return new Connack(false, reason, Properties.NONE);
  }

  /**
   * Properties of CONNACK; what is absent has the default of the standard.
   *
   * @param maximumQos 0 or 1, never 2 [MQTT-3.2.2-9]
   * @param retainAvailable present only to say no, like the three others of its kind
   */
  public record Properties(
      OptionalLong sessionExpiry,
      OptionalInt receiveMaximum,
      OptionalInt maximumQos,
      Optional<Boolean> retainAvailable,
      OptionalLong maximumPacketSize,
      Optional<String> assignedClientId,
      int topicAliasMaximum,
      Optional<String> reasonString,
      List<UserProperty> userProperties,
      Optional<Boolean> wildcardAvailable,
      Optional<Boolean> subscriptionIdsAvailable,
      Optional<Boolean> sharedAvailable,
      OptionalInt serverKeepAlive,
      Optional<String> responseInformation,
      Optional<String> serverReference,
      Optional<String> authenticationMethod,
      Optional<BinaryData> authenticationData) {

    public static final Properties NONE =
        new Properties(
            OptionalLong.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            0,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public Properties {
      userProperties = List.copyOf(userProperties);
    }

    /** Returns the same with another Reason String and other User Properties. */
    public Properties withProblem(Optional<String> reason, List<UserProperty> user) {
      return new Properties(
          sessionExpiry,
          receiveMaximum,
          maximumQos,
          retainAvailable,
          maximumPacketSize,
          assignedClientId,
          topicAliasMaximum,
          reason,
          user,
          wildcardAvailable,
          subscriptionIdsAvailable,
          sharedAvailable,
          serverKeepAlive,
          responseInformation,
          serverReference,
          authenticationMethod,
          authenticationData);
    }
  }

  @Override
  public PacketType type() {
    return PacketType.CONNACK;
  }
}
