package org.parley.mqtt.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.parley.core.ByteWire;
import org.parley.core.LogText;
import org.parley.limit.ConnectionRates;
import org.parley.limit.Excess;
import org.parley.limit.Flapping;
import org.parley.limit.LogThrottle;
import org.parley.limit.LoginFailures;
import org.parley.limit.MessageRates;
import org.parley.limit.OpenConnections;
import org.parley.limit.Shedding;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.Owner;
import org.parley.session.PeerNetwork;

/**
 * Lets nobody try too much. Before a login, how often its address connects and how often logins
 * like it have failed; after it, how many connections the identity has, and how often it and all
 * connect: so what is for all is not used up by those who prove nothing.
 */
public final class LimitedAuthentication implements Authentication {
  private static final Logger LOG = System.getLogger(LimitedAuthentication.class.getName());
  private static final int LONGEST_LOGGED = 64;

  private final Authentication inner;
  private final ConnectionRates rates;
  private final LoginFailures failures;
  private final OpenConnections open;
  private final MessageRates messages;
  private final Flapping flapping;
  private final Shedding shedding;
  private final Predicate<String> online;
  private final LogThrottle throttle;

  /**
   * @param online whether a Client Identifier has a connection, which a new one takes over
   * @param throttle who knocks all the time must not fill the disk
   */
  public LimitedAuthentication(
      Authentication inner,
      ConnectionRates rates,
      LoginFailures failures,
      OpenConnections open,
      MessageRates messages,
      Flapping flapping,
      Shedding shedding,
      Predicate<String> online,
      LogThrottle throttle) {
    this.inner = inner;
    this.rates = rates;
    this.failures = failures;
    this.open = open;
    this.messages = messages;
    this.flapping = flapping;
    this.shedding = shedding;
    this.online = online;
    this.throttle = throttle;
  }

  @Override
  public Exchange begin(ByteWire.Peer peer, Connect connect) {
    var excess = shedding.check();
    if (excess.isEmpty() && !wasCounted(peer)) {
      excess = rates.connect(peer.remoteAddress());
    }
    return excess.isPresent()
        ? refusing(peer, connect, excess.get())
        : new Counted(inner.begin(peer, connect), peer, connect);
  }

  /** A WebSocket was counted when it was opened, but for a name that it says only now. */
  private static boolean wasCounted(ByteWire.Peer peer) {
    return switch (peer.transport()) {
      case "ws", "wss" -> true;
      default -> false;
    };
  }

  @Override
  public Exchange again(ByteWire.Peer peer, Connect connect) {
    return inner.again(peer, connect);
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

  @Override
  public boolean mayStillPublish(Owner publisher, String clientId, String topic) {
    return inner.mayStillPublish(publisher, clientId, topic);
  }

  @Override
  public void rightsChanged() {
    inner.rightsChanged();
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
          case FLAPPING -> ReasonCode.BANNED;
          case MEMORY -> ReasonCode.SERVER_BUSY;
          case CONNECTIONS, IDENTITY_CONNECTIONS, ADDRESS_CONNECTIONS -> ReasonCode.QUOTA_EXCEEDED;
        },
        excess.detail());
  }

  /** Counts what comes of an exchange. */
  private final class Counted implements Exchange {
    private final Exchange exchange;
    private final ByteWire.Peer peer;
    private final Connect connect;

    /** There is something to guess; a certificate alone was proved by TLS already. */
    private final boolean canBeGuessed;

    Counted(Exchange exchange, ByteWire.Peer peer, Connect connect) {
      this.exchange = exchange;
      this.peer = peer;
      this.connect = connect;
      canBeGuessed =
          connect.password().isPresent() || connect.properties().authenticationMethod().isPresent();
    }

    @Override
    public void step(Optional<BinaryData> data, Consumer<Verdict> verdict) {
      var excess =
          canBeGuessed
              ? failures.check(connect.userName(), peer.remoteAddress())
              : Optional.<Excess>empty();
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
          if (canBeGuessed) {
            failures.succeeded(connect.userName(), peer.remoteAddress());
          }
          yield opened(admitted);
        }
        case Verdict.Refused(var reason, _, _) -> {
          if (canBeGuessed && isWrong(reason)) {
            failures.failed(connect.userName(), peer.remoteAddress());
          }
          yield found;
        }
      };
    }

    private Verdict opened(Verdict.Admitted admitted) {
      var identity = admitted.authorization().identity();
      var address = peer.remoteAddress();
      var client = flapping.limited() ? identity.map(this::client) : Optional.<String>empty();
      var excess = client.flatMap(key -> flapping.check(key, () -> shown(identity)));
      if (excess.isPresent()) {
        return refused(peer, connect, excess.get());
      }
      excess = open.open(identity, address, online.test(connect.clientId()));
      if (excess.isPresent()) {
        return refused(peer, connect, excess.get());
      }
      excess =
          wasCounted(peer) && !peer.chain().isEmpty() ? Optional.empty() : rates.proved(identity);
      if (excess.isPresent()) {
        open.closed(identity, address);
        return refused(peer, connect, excess.get());
      }
      client.ifPresent(flapping::connected);
      return paced(admitted, identity);
    }

    /** Of one length, however long the Client Identifier is: so many are remembered. */
    private String client(String identity) {
      try {
        var digest = MessageDigest.getInstance("SHA-256");
        digest.update(identity.getBytes(UTF_8));
        digest.update((byte) 0xFF); // in no UTF-8: nobody's name goes on in an identifier
        return Base64.getEncoder()
            .encodeToString(digest.digest(connect.clientId().getBytes(UTF_8)));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has it", e);
      }
    }

    private String shown(Optional<String> identity) {
      return LogText.escape(identity.orElse(""), LONGEST_LOGGED)
          + " as \""
          + LogText.escape(connect.clientId(), LONGEST_LOGGED)
          + '"';
    }

    private Verdict paced(Verdict.Admitted admitted, Optional<String> identity) {
      return messages.limited()
          ? new Verdict.Admitted(
              admitted.owner(),
              new PacedAuthorization(admitted.authorization(), messages.toll(identity)),
              admitted.data())
          : admitted;
    }

    /** A guess; what a policy denies to those who are known is none, and no fault of ours is. */
    private boolean isWrong(ReasonCode reason) {
      return switch (reason) {
        case BAD_USER_NAME_OR_PASSWORD -> true;
        case NOT_AUTHORIZED, BAD_AUTHENTICATION_METHOD ->
            connect.properties().authenticationMethod().isPresent();
        default -> false;
      };
    }
  }
}
