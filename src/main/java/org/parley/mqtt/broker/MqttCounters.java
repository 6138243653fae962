package org.parley.mqtt.broker;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.parley.mqtt.packet.PacketType;
import org.parley.mqtt.packet.ReasonCode;

/** What has happened since the start; any thread counts, any thread reads. */
public final class MqttCounters {

  /** Why a message was not delivered. */
  public enum Drop {
    /** The queue of the session has as many messages or bytes as it may. */
    QUEUE_FULL,
    /** Its Message Expiry Interval has passed. */
    EXPIRED,
    /** QoS 0 for a session without a connection. */
    OFFLINE,
    /** The session ended. */
    SESSION_ENDED,
    /** Not kept as a retained message: there are as many as there may be. */
    RETAINED_FULL,
    /** Larger than the Maximum Packet Size of the peer. */
    TOO_LARGE,
    /** QoS 0 for a peer for which too much waits. */
    SLOW_PEER,
    /** QoS 0 for a peer that is behind, while too much waits for all peers together. */
    OVERLOADED,
    /** Rights were taken away while it waited. */
    NOT_ALLOWED,
    /** Refused: the disk is nearly full. */
    DISK_FULL
  }

  /** Things that are only counted. */
  public enum Count {
    /** As they came from the wire, what is no packet too. */
    BYTES_IN,
    /** As they were handed to the wire. */
    BYTES_OUT,
    CONNECTIONS_OPENED,
    CONNECTIONS_CLOSED,
    CONNECTS_ACCEPTED,
    AUTHENTICATION_FAILURES,
    NOT_AUTHORIZED,
    TAKEOVERS,
    KEEP_ALIVE_TIMEOUTS,
    /** Connections without a CONNECT in time. */
    CONNECT_TIMEOUTS,
    /** PUBLISH with QoS 1 or 2 that was answered with 0x97: no room for it. */
    PUBLISHES_OVER_LIMIT,
    /** Subscriptions that were answered with 0x97: the session has as many as it may. */
    SUBSCRIPTIONS_OVER_LIMIT,
    UNEXPECTED_ACKNOWLEDGEMENTS,
    PUBLISHER_HOLDS,
    INTERNAL_ERRORS
  }

  private final Map<PacketType, LongAdder> packetsIn = adders(PacketType.class);
  private final Map<PacketType, LongAdder> packetsOut = adders(PacketType.class);
  private final Map<PacketType, LongAdder> bytesIn = adders(PacketType.class);
  private final Map<PacketType, LongAdder> bytesOut = adders(PacketType.class);
  private final Map<Drop, LongAdder> drops = adders(Drop.class);
  private final Map<Count, LongAdder> counts = adders(Count.class);
  private final Map<ReasonCode, LongAdder> refusals = adders(ReasonCode.class);
  private final Map<ReasonCode, LongAdder> disconnects = adders(ReasonCode.class);

  private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
    var adders = new EnumMap<E, LongAdder>(type);
    for (var one : type.getEnumConstants()) {
      adders.put(one, new LongAdder());
    }
    return adders;
  }

  private static <E extends Enum<E>> LongAdder of(Map<E, LongAdder> adders, E one) {
    var adder = adders.get(one);
    if (adder == null) {
      throw new IllegalStateException("no counter for " + one);
    }
    return adder;
  }

  void in(PacketType type, long bytes) {
    of(packetsIn, type).increment();
    of(bytesIn, type).add(bytes);
  }

  void out(PacketType type, long bytes) {
    of(packetsOut, type).increment();
    of(bytesOut, type).add(bytes);
  }

  void dropped(Drop reason) {
    of(drops, reason).increment();
  }

  void count(Count what) {
    of(counts, what).increment();
  }

  void count(Count what, long by) {
    of(counts, what).add(by);
  }

  void refused(ReasonCode reason) {
    of(refusals, reason).increment();
  }

  void disconnected(ReasonCode reason) {
    of(disconnects, reason).increment();
  }

  /** Returns how many packets of a type came from clients. */
  public long packetsIn(PacketType type) {
    return of(packetsIn, type).sum();
  }

  /** Returns how many packets of a type went to clients. */
  public long packetsOut(PacketType type) {
    return of(packetsOut, type).sum();
  }

  /** Returns the bytes of the packets of a type that came from clients. */
  public long bytesIn(PacketType type) {
    return of(bytesIn, type).sum();
  }

  /** Returns the bytes of the packets of a type that went to clients. */
  public long bytesOut(PacketType type) {
    return of(bytesOut, type).sum();
  }

  /** Returns how many packets came from clients. */
  public long packetsIn() {
    return sum(packetsIn);
  }

  /** Returns how many packets went to clients. */
  public long packetsOut() {
    return sum(packetsOut);
  }

  /** Returns how many deliveries were dropped. */
  public long drops() {
    return sum(drops);
  }

  private static long sum(Map<?, LongAdder> adders) {
    return adders.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** Returns how many deliveries were dropped for a reason. */
  public long drops(Drop reason) {
    return of(drops, reason).sum();
  }

  /** Returns a plain count. */
  public long of(Count what) {
    return of(counts, what).sum();
  }

  /** Returns how many CONNECTs were refused with a reason. */
  public long refusals(ReasonCode reason) {
    return of(refusals, reason).sum();
  }

  /** Returns how many connections the server ended with a reason. */
  public long disconnects(ReasonCode reason) {
    return of(disconnects, reason).sum();
  }
}
