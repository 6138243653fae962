package org.parley.mqtt.broker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.parley.core.ByteWire;
import org.parley.core.LogText;
import org.parley.limit.ConnectionLimits;
import org.parley.limit.Excess;
import org.parley.limit.LogThrottle;
import org.parley.limit.LoginFailures;
import org.parley.limit.MessageRates;
import org.parley.limit.OpenConnections;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.Owner;
import org.parley.session.PeerNetwork;

/**
 * Lets nobody try too much: how often peers connect and how often their logins fail is looked at
 * before anything else, how many connections they have after they are known.
 */
public final class LimitedAuthentication implements Authentication {
  private static final Logger LOG = System.getLogger(LimitedAuthentication.class.getName());
  private static final int LONGEST_LOGGED = 64;

  private final Authentication inner;
  private final ConnectionLimits rates;
  private final LoginFailures failures;
  private final OpenConnections open;
  private final MessageRates messages;
  private final Predicate<String> online;
  private final LogThrottle throttle;

  /**
   * @param online whether a Client Identifier has a connection, which a new one takes over
   * @param throttle who knocks all the time must not fill the disk
   */
  public LimitedAuthentication(
      Authentication inner,
      ConnectionLimits rates,
      LoginFailures failures,
      OpenConnections open,
      MessageRates messages,
      Predicate<String> online,
      LogThrottle throttle) {
    this.inner = inner;
    this.rates = rates;
    this.failures = failures;
    this.open = open;
    this.messages = messages;
    this.online = online;
    this.throttle = throttle;
  }

  @Override
  public Exchange begin(ByteWire.Peer peer, Connect connect) {
    var excess = rate(peer);
    return excess.isPresent()
        ? refusing(peer, connect, excess.get())
        : new Counted(inner.begin(peer, connect), peer, connect, true);
  }

  /** A WebSocket was counted when it was opened. */
  private Optional<Excess> rate(ByteWire.Peer peer) {
    return switch (peer.transport()) {
      case "ws", "wss" -> Optional.empty();
      default -> rates.connect(peer.remoteAddress());
    };
  }

  private Optional<Excess> rate(ByteWire.Peer peer, Optional<String> identity) {
    return switch (peer.transport()) {
      case "ws", "wss" -> Optional.empty();
      default -> identity.flatMap(rates::identified);
    };
  }

  @Override
  public Exchange again(ByteWire.Peer peer, Connect connect) {
    return new Counted(inner.again(peer, connect), peer, connect, false);
  }

  @Override
  public void ended(ByteWire.Peer peer, Verdict.Admitted admitted) {
    open.closed(admitted.authorization().identity(), peer.remoteAddress());
    inner.ended(peer, admitted);
  }

  @Override
  public boolean mayPublish(Owner owner, String clientId, String topic, boolean retain) {
    return inner.mayPublish(owner, clientId, topic, retain);
  }

  private Exchange refusing(ByteWire.Peer peer, Connect connect, Excess excess) {
    return (_, verdict) -> verdict.accept(refused(peer, connect, excess));
  }

  private Verdict refused(ByteWire.Peer peer, Connect connect, Excess excess) {
    var address = peer.remoteAddress();
    var left = throttle.pass("mqtt limit " + excess.limit() + PeerNetwork.of(address));
    if (left.isPresent()) {
      var clientId = LogText.escape(connect.clientId(), LONGEST_LOGGED);
      var more = left.getAsLong() == 0 ? "" : " (and " + left.getAsLong() + " like it before)";
      LOG.log(
          Level.INFO,
          () ->
              "MQTT client \"%s\" from %s refused: %s%s"
                  .formatted(clientId, address, excess.detail(), more));
    }
    return new Verdict.Refused(
        switch (excess.limit()) {
          case RATE, IDENTITY_RATE, ADDRESS_RATE, DUEL, LOGINS ->
              ReasonCode.CONNECTION_RATE_EXCEEDED;
          case CONNECTIONS, IDENTITY_CONNECTIONS, ADDRESS_CONNECTIONS -> ReasonCode.QUOTA_EXCEEDED;
        });
  }

  /** Counts what comes of an exchange. */
  private final class Counted implements Exchange {
    private final Exchange exchange;
    private final ByteWire.Peer peer;
    private final Connect connect;
    private final boolean opens;

    Counted(Exchange exchange, ByteWire.Peer peer, Connect connect, boolean opens) {
      this.exchange = exchange;
      this.peer = peer;
      this.connect = connect;
      this.opens = opens;
    }

    @Override
    public void step(Optional<BinaryData> data, Consumer<Verdict> verdict) {
      var excess = failures.check(connect.userName(), peer.remoteAddress());
      if (excess.isPresent()) {
        verdict.accept(refused(peer, connect, excess.get()));
      } else {
        exchange.step(data, found -> verdict.accept(count(found)));
      }
    }

    private Verdict count(Verdict found) {
      return switch (found) {
        case Verdict.Challenged _ -> found;
        case Verdict.Admitted admitted -> {
          failures.succeeded(connect.userName(), peer.remoteAddress());
          yield opens ? opened(paced(admitted)) : paced(admitted);
        }
        case Verdict.Refused(var reason) -> {
          if (isFailure(reason)) {
            failures.failed(connect.userName(), peer.remoteAddress());
          }
          yield found;
        }
      };
    }

    /** Who has proved nothing has a rate by its Client Identifier. */
    private Verdict.Admitted paced(Verdict.Admitted admitted) {
      if (!messages.limited()) {
        return admitted;
      }
      var rights = admitted.authorization();
      var toll = messages.toll(rights.identity().orElse(connect.clientId()));
      return new Verdict.Admitted(
          admitted.owner(), new PacedAuthorization(rights, toll), admitted.data());
    }

    private Verdict opened(Verdict.Admitted admitted) {
      var identity = admitted.authorization().identity();
      return rate(peer, identity)
          .or(() -> open.open(identity, peer.remoteAddress(), online.test(connect.clientId())))
          .map(excess -> refused(peer, connect, excess))
          .orElse(admitted);
    }

    /** What the peer has said was not right; not a fault of ours. */
    private static boolean isFailure(ReasonCode reason) {
      return switch (reason) {
        case BAD_USER_NAME_OR_PASSWORD, NOT_AUTHORIZED, BAD_AUTHENTICATION_METHOD -> true;
        default -> false;
      };
    }
  }
}
