package org.parley.pcp.broker;

import java.util.Optional;
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
    };
  }

  private static V1Message complete(Translated<V1Message> translated) {
    return switch (translated) {
      case Translated.Complete(var message) -> message;
      case Translated.Inexpressible(var detail) ->
          throw new IllegalStateException("a message of the broker's own: " + detail);
    };
  }

  /**
   * Writes a message of another peer.
   *
   * @param sender its session's URI, which the message names or leaves open
   * @param target the receiver's URI
   * @return empty when the receiver's version cannot say it
   */
  Optional<Outbound> relayed(
      ClientSession receiver, PcpMessage message, PcpUri sender, PcpUri target) {
    return switch (receiver.protocol()) {
      case PCP_V2 ->
          switch (message) {
            case V2Message same -> Optional.of(text(same.withSender(sender)));
            case V1Message other -> translated(translator.toV2(other, target));
          };
      case PCP_V1 ->
          switch (message) {
            case V1Message same ->
                Optional.of(binary(full.map(all -> all.relayed(same)).orElseGet(same::plain)));
            case V2Message other -> translated(translator.toV1(other.withSender(sender)));
          };
    };
  }

  private <M extends PcpMessage> Optional<Outbound> translated(Translated<M> translated) {
    return switch (translated) {
      case Translated.Complete<M>(var message) ->
          Optional.of(
              switch ((PcpMessage) message) {
                case V1Message binary -> binary(binary);
                case V2Message text -> text(text);
              });
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
