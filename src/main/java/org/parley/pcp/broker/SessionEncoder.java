package org.parley.pcp.broker;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.parley.core.Outbound;
import org.parley.pcp.codec.PcpV1Codec;
import org.parley.pcp.codec.PcpV2Codec;
import org.parley.pcp.codec.Translated;
import org.parley.pcp.codec.VersionTranslator;
import org.parley.pcp.message.PcpMessage;
import org.parley.pcp.message.PcpUri;
import org.parley.pcp.message.V1Message;
import org.parley.pcp.message.V2Message;
import org.parley.session.ClientSession;

/** Writes each message in the version that its receiver speaks. Any thread may use it. */
public final class SessionEncoder {
  private final PcpV1Codec v1;
  private final PcpV2Codec v2;
  private final VersionTranslator translator;
  private final Optional<FullV1> full;

  /**
   * @param full what version 1 has beyond what deployed brokers serve; empty: not served
   */
  public SessionEncoder(
      PcpV1Codec v1, PcpV2Codec v2, VersionTranslator translator, Optional<FullV1> full) {
    this.v1 = v1;
    this.v2 = v2;
    this.translator = translator;
    this.full = full;
  }

  /** Writes a message of the broker's own. */
  Outbound own(ClientSession receiver, V2Message message) {
    return switch (receiver.protocol()) {
      case PCP_V2 -> text(message);
      case PCP_V1 -> binary(complete(translator.toV1(message)));
      case MQTT_V3_1, MQTT_V3_1_1, MQTT_V5 -> throw noPcp(receiver);
    };
  }

  private static IllegalStateException noPcp(ClientSession receiver) {
    return new IllegalStateException(receiver + " speaks " + receiver.protocol());
  }

  private static V1Message complete(Translated<V1Message> translated) {
    return switch (translated) {
      case Translated.Complete(var message) -> message;
      case Translated.Inexpressible(var detail) ->
          throw new IllegalStateException("a message of the broker's own: " + detail);
    };
  }

  /**
   * Returns what writes a message of another peer.
   *
   * @param sender its session's URI, which the message names or leaves open
   */
  Relay relay(PcpMessage message, PcpUri sender) {
    return new Relay(message, sender);
  }

  /**
   * One message on its way to one receiver or many: it is read and written once for all receivers
   * of version 1, and read once for those of version 2. For one thread.
   */
  final class Relay {
    private final PcpMessage message;
    private final PcpUri sender;
    private @Nullable Outbound frame;
    private @Nullable Translated<V2Message> carried;

    private Relay(PcpMessage message, PcpUri sender) {
      this.message = message;
      this.sender = sender;
    }

    /**
     * Writes the message for a receiver.
     *
     * @param target the receiver's URI
     * @return empty when the receiver's version cannot say it
     */
    Optional<Outbound> to(ClientSession receiver, PcpUri target) {
      return switch (receiver.protocol()) {
        case PCP_V1 -> frame();
        case PCP_V2 -> {
          if (carried == null) {
            carried = asVersion2(target);
          }
          yield said(carried).map(one -> text(one.withTarget(target)));
        }
        case MQTT_V3_1, MQTT_V3_1_1, MQTT_V5 -> throw noPcp(receiver);
      };
    }

    private Optional<Outbound> frame() {
      if (frame == null) {
        frame = said(asVersion1()).map(SessionEncoder.this::binary).orElse(null);
      }
      return Optional.ofNullable(frame);
    }

    private Translated<V1Message> asVersion1() {
      return switch (message) {
        case V1Message same ->
            new Translated.Complete<>(full.map(all -> all.relayed(same)).orElseGet(same::plain));
        case V2Message other -> translator.toV1(other.withSender(sender));
      };
    }

    private Translated<V2Message> asVersion2(PcpUri target) {
      return switch (message) {
        case V2Message same -> new Translated.Complete<>(same.withSender(sender));
        case V1Message other -> translator.toV2(other, target);
      };
    }
  }

  private static <M extends PcpMessage> Optional<M> said(Translated<M> translated) {
    return switch (translated) {
      case Translated.Complete<M>(var message) -> Optional.of(message);
      case Translated.Inexpressible<M> _ -> Optional.empty();
    };
  }

  private Outbound binary(V1Message message) {
    return new Outbound.Binary(v1.encode(message));
  }

  private Outbound text(V2Message message) {
    return Outbound.Text.of(v2.encode(message));
  }
}
