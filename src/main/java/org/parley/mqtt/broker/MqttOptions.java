package org.parley.mqtt.broker;

import java.time.Duration;

/**
 * What the server allows and offers on every connection.
 *
 * @param maximumPacketSize bytes of a whole packet from a client
 * @param maximumConnectSize the same before anybody is known
 * @param receiveMaximum unacknowledged QoS 1 and 2 messages, in each direction
 * @param topicAliasMaximum aliases in each direction; 0 for none
 * @param maximumKeepAlive seconds; a client that asks for more, or for none, gets this
 * @param maximumSessionExpiry seconds; also for sessions without end
 * @param maximumQos 0, 1 or 2
 * @param clientIdLength characters of a Client Identifier
 * @param qos0Bytes QoS 0 messages that wait for one slow peer
 * @param replay retained messages that wait to be sent to one peer
 * @param authenticationRounds AUTH packets of a client in one exchange
 * @param waitingBytes what waits for all slow peers together: messages with QoS 0 and retained ones
 * @param unfinishedBytes what is kept of packets that have not arrived whole, for all peers
 *     together
 */
public record MqttOptions(
    int maximumPacketSize,
    int maximumConnectSize,
    int receiveMaximum,
    int topicAliasMaximum,
    int maximumKeepAlive,
    long maximumSessionExpiry,
    Duration connectTimeout,
    int maximumQos,
    boolean retainAvailable,
    boolean wildcardAvailable,
    boolean sharedAvailable,
    boolean subscriptionIdsAvailable,
    boolean rejectDisallowedCodePoints,
    boolean checkPayloadFormat,
    int clientIdLength,
    long qos0Bytes,
    int replay,
    Duration publisherHold,
    int authenticationRounds,
    String responsePrefix,
    String serverReference,
    long waitingBytes,
    long unfinishedBytes) {}
