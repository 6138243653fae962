package org.parley.mqtt.broker;

import java.util.Optional;
import java.util.function.Consumer;
import org.parley.core.ByteWire;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.Owner;

/** Finds out who a peer is and whether it may connect. */
public interface Authentication {

  /** What came of it. */
  sealed interface Verdict {
    /**
     * The peer is known and may connect.
     *
     * @param data Authentication Data for the last packet of the exchange
     */
    record Admitted(Owner owner, Authorization authorization, Optional<BinaryData> data)
        implements Verdict {}

    /** The peer has to answer a challenge: AUTH with 0x18. */
    record Challenged(Optional<BinaryData> data) implements Verdict {}

    /**
     * The peer is turned away, by a reason of CONNACK. The rest is for operators alone.
     *
     * @param rule of the policy that has denied it
     * @param detail what was wrong: a log-safe line without secrets; may be empty
     */
    record Refused(ReasonCode reason, Optional<String> rule, String detail) implements Verdict {
      public Refused(ReasonCode reason) {
        this(reason, "");
      }

      Refused(ReasonCode reason, String detail) {
        this(reason, Optional.empty(), detail);
      }
    }
  }

  /** One exchange. A verdict may be told at once or later, by any thread, once for each call. */
  interface Exchange {
    /** Goes on with the client's Authentication Data. */
    void step(Optional<BinaryData> data, Consumer<Verdict> verdict);
  }

  /**
   * Begins with a CONNECT, whose Client Identifier is never empty here. Its first step takes the
   * Authentication Data of the CONNECT.
   */
  Exchange begin(ByteWire.Peer peer, Connect connect);

  /** Begins anew for a peer that is connected, MQTT 5.0 section 4.12.1. */
  default Exchange again(ByteWire.Peer peer, Connect connect) {
    return begin(peer, connect);
  }

  /** The connection of a peer that was admitted by {@link #begin} has ended. */
  default void ended(ByteWire.Peer peer, Verdict.Admitted admitted) {}

  /** Asks for wills of clients that are not connected any more. */
  boolean mayPublish(Owner owner, String clientId, String topic, boolean retain);

  /**
   * Asks for a retained message before it is delivered, whether who published it may still publish
   * to its topic. Any thread may ask, for each message.
   *
   * @param publisher by {@link Authorization#publisher()}
   */
  boolean mayStillPublish(Owner publisher, String clientId, String topic);

  /** Policy, users or revocations have changed. */
  void rightsChanged();
}
