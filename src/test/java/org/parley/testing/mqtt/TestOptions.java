package org.parley.testing.mqtt;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.parley.audit.AuditLog;
import org.parley.log.CommitLog;
import org.parley.log.Store;
import org.parley.mqtt.broker.Authentication;
import org.parley.mqtt.broker.MqttOptions;
import org.parley.mqtt.state.StateLimits;

/** What a test wants otherwise than the product has it by default. */
public final class TestOptions {
  /** Where state is kept; null for nowhere. The broker closes it. */
  public @Nullable Store store;

  public MovedClock clock = new MovedClock();
  public int maximumPacketSize = 1 << 20;
  public int maximumConnectSize = 1 << 16;
  public int receiveMaximum = 1024;
  public int topicAliasMaximum = 64;
  public int maximumKeepAlive = 1800;
  public long maximumSessionExpiry = 7 * 24 * 3600;
  public Duration connectTimeout = Duration.ofSeconds(10);
  public int maximumQos = 2;
  public boolean retainAvailable = true;
  public boolean wildcardAvailable = true;
  public boolean sharedAvailable = true;
  public boolean subscriptionIdsAvailable = true;
  public boolean rejectDisallowedCodePoints = true;
  public boolean checkPayloadFormat;
  public int clientIdLength = 1024;
  public long qos0Bytes = 8 << 20;
  public int replay = 1_000_000;
  public Duration publisherHold = Duration.ofMillis(10);
  public int authenticationRounds = 8;
  public String responsePrefix = "";
  public String serverReference = "";
  public long waitingBytes = 256 << 20;
  public long unfinishedBytes = 256 << 20;

  /** What stands between the broker and its log. */
  public UnaryOperator<CommitLog> log = UnaryOperator.identity();

  /** What stands between the broker and {@link TestAccess}. */
  public UnaryOperator<Authentication> authentication = UnaryOperator.identity();

  public AuditLog audit = AuditLog.NONE;

  public int sessions = 10_000;
  public int queuedMessages = 100_000;
  public long queuedBytes = 256 << 20;
  public StateLimits.Overflow overflow = StateLimits.Overflow.DROP_NEW;
  public int subscriptions = 10_000;
  public int retainedMessages = 1_000_000;
  public long retainedBytes = 1L << 30;
  public int allSubscriptions = 1_000_000;
  public long allQueuedBytes = 1L << 30;

  public MqttOptions options() {
    return new MqttOptions(
        maximumPacketSize,
        maximumConnectSize,
        receiveMaximum,
        topicAliasMaximum,
        maximumKeepAlive,
        maximumSessionExpiry,
        connectTimeout,
        maximumQos,
        retainAvailable,
        wildcardAvailable,
        sharedAvailable,
        subscriptionIdsAvailable,
        rejectDisallowedCodePoints,
        checkPayloadFormat,
        clientIdLength,
        qos0Bytes,
        replay,
        publisherHold,
        authenticationRounds,
        responsePrefix,
        serverReference,
        waitingBytes,
        unfinishedBytes);
  }

  public StateLimits limits() {
    return new StateLimits(
        sessions,
        queuedMessages,
        queuedBytes,
        overflow,
        subscriptions,
        retainedMessages,
        retainedBytes,
        allQueuedBytes,
        allSubscriptions);
  }
}
