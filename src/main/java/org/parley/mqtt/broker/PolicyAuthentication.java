package org.parley.mqtt.broker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.parley.core.ByteWire;
import org.parley.core.LogText;
import org.parley.identity.IdentityRule;
import org.parley.identity.PeerPrincipal;
import org.parley.identity.RevocationCheck;
import org.parley.identity.authentication.Admission;
import org.parley.identity.authentication.AuthenticationMethod;
import org.parley.identity.authentication.AuthenticationMethods;
import org.parley.identity.authentication.Credentials;
import org.parley.identity.authentication.PeerAuthentication;
import org.parley.limit.LogThrottle;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.Owner;
import org.parley.policy.Decision;
import org.parley.policy.MqttAuthorization;
import org.parley.policy.Policy;
import org.parley.policy.Subject;
import org.parley.session.PeerNetwork;

/** Identity by certificate, password, token or Authentication Method; rights by the policy. */
public final class PolicyAuthentication implements Authentication {
  private static final Logger LOG = System.getLogger(PolicyAuthentication.class.getName());

  /** In characters of a Client Identifier. */
  private static final int LONGEST_LOGGED = 64;

  private final PeerAuthentication peers;
  private final AuthenticationMethods methods;
  private final Predicate<String> users;
  private final Policy policy;
  private final Executor workers;
  private final LogThrottle throttle;
  private final PublisherRights publishers;
  private final String brokerName;

  /**
   * @param users whether there is (still) such a user
   * @param workers checks passwords, which takes tens of milliseconds each; may reject
   * @param throttle who knocks all the time must not fill the disk
   * @param brokerName the common name of the broker's own certificate
   */
  public PolicyAuthentication(
      PeerAuthentication peers,
      AuthenticationMethods methods,
      IdentityRule identities,
      RevocationCheck revocations,
      Predicate<String> users,
      Policy policy,
      Executor workers,
      LogThrottle throttle,
      InstantSource clock,
      String brokerName) {
    this.peers = peers;
    this.methods = methods;
    this.users = users;
    this.policy = policy;
    this.workers = workers;
    this.throttle = throttle;
    this.publishers = new PublisherRights(identities, revocations, users, policy, clock);
    this.brokerName = brokerName;
  }

  @Override
  public Exchange begin(ByteWire.Peer peer, Connect connect) {
    var name = connect.properties().authenticationMethod();
    if (name.isEmpty()) {
      return (_, verdict) -> basic(peer, connect, verdict);
    }
    return methods
        .find(name.get())
        .<Exchange>map(method -> new ByMethod(method.begin(), peer, connect))
        .orElse(
            (_, verdict) ->
                verdict.accept(
                    new Verdict.Refused(
                        ReasonCode.BAD_AUTHENTICATION_METHOD, "no such Authentication Method")));
  }

  private void basic(ByteWire.Peer peer, Connect connect, Consumer<Verdict> verdict) {
    var password = connect.password();
    if (password.isEmpty()) {
      var credentials =
          connect
              .userName()
              .<Credentials>map(Credentials.NameOnly::new)
              .orElseGet(Credentials.None::new);
      verdict.accept(judge(peer, connect, credentials, Optional.empty()));
      return;
    }
    var credentials = new Credentials.Password(connect.userName(), password.get().toByteArray());
    try {
      workers.execute(() -> verdict.accept(checked(peer, connect, credentials)));
    } catch (RejectedExecutionException _) {
      verdict.accept(new Verdict.Refused(ReasonCode.SERVER_BUSY, "too many passwords wait"));
    }
  }

  /** An error of ours refuses this peer; without a verdict it would wait for ever. */
  private Verdict checked(ByteWire.Peer peer, Connect connect, Credentials credentials) {
    try {
      return judge(peer, connect, credentials, Optional.empty());
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a password could not be checked", e);
      return new Verdict.Refused(ReasonCode.UNSPECIFIED_ERROR);
    }
  }

  private Verdict judge(
      ByteWire.Peer peer, Connect connect, Credentials credentials, Optional<BinaryData> data) {
    return switch (peers.admit(peer, credentials)) {
      case Admission.Refused(var reason, var detail) -> {
        log(Level.INFO, peer, connect, "refused: ", detail);
        yield new Verdict.Refused(
            switch (reason) {
              case BAD_USER_NAME_OR_PASSWORD -> ReasonCode.BAD_USER_NAME_OR_PASSWORD;
              case NOT_AUTHORIZED -> ReasonCode.NOT_AUTHORIZED;
              case UNDECIDABLE -> ReasonCode.SERVER_UNAVAILABLE;
            },
            detail);
      }
      case Admission.Admitted admitted ->
          admitted(peer, connect, admitted, !(credentials instanceof Credentials.NameOnly), data);
    };
  }

  /** A line from time to time for one network and reason, but for what the peer says it is. */
  private void log(Level level, ByteWire.Peer peer, Connect connect, String outcome, Object cause) {
    var address = peer.remoteAddress();
    var left = throttle.pass("mqtt " + outcome + PeerNetwork.of(address));
    if (left.isPresent()) {
      var more = left.getAsLong() == 0 ? "" : " (and " + left.getAsLong() + " like it before)";
      var clientId = LogText.escape(connect.clientId(), LONGEST_LOGGED);
      LOG.log(
          level,
          () -> "MQTT client \"" + clientId + "\" from " + address + " " + outcome + cause + more);
    }
  }

  private Verdict admitted(
      ByteWire.Peer peer,
      Connect connect,
      Admission.Admitted proved,
      boolean byLogin,
      Optional<BinaryData> data) {
    var subject =
        Subject.mqtt(
            proved.principal(),
            proved.userName(),
            connect.version().label(),
            peer.transport(),
            connect.clientId(),
            peer.remoteAddress());
    var rights = MqttAuthorization.of(policy, subject);
    return switch (rights.connect()) {
      case Decision.Denied(var rule) -> {
        log(Level.INFO, peer, connect, "denied by ", rule);
        yield new Verdict.Refused(reason(rights), Optional.of(rule), "");
      }
      case Decision.Allowed _ -> {
        if (proved.principal().filter(by -> by.commonName().equals(brokerName)).isPresent()) {
          log(
              Level.WARNING,
              peer,
              connect,
              "bears the broker's own name: ",
              "is its key in use twice?");
        }
        yield new Verdict.Admitted(
            PublisherRights.owner(subject, connect.will().isPresent(), proved.tokenEnd()),
            new Rights(rights, byLogin, proved.tokenEnd()),
            data);
      }
    };
  }

  private static ReasonCode reason(MqttAuthorization denied) {
    if (denied.banned()) {
      return ReasonCode.BANNED;
    }
    return denied.refusesClientId()
        ? ReasonCode.CLIENT_IDENTIFIER_NOT_VALID
        : ReasonCode.NOT_AUTHORIZED;
  }

  @Override
  public boolean mayPublish(Owner owner, String clientId, String topic, boolean retain) {
    return publishers.mayPublish(owner, clientId, topic, retain);
  }

  @Override
  public boolean mayStillPublish(Owner publisher, String clientId, String topic) {
    return publishers.mayStillPublish(publisher, clientId, topic);
  }

  @Override
  public void rightsChanged() {
    publishers.changed();
  }

  /** An exchange by an Authentication Method, MQTT 5.0 section 4.12. */
  private final class ByMethod implements Exchange {
    private final AuthenticationMethod.Exchange exchange;
    private final ByteWire.Peer peer;
    private final Connect connect;

    ByMethod(AuthenticationMethod.Exchange exchange, ByteWire.Peer peer, Connect connect) {
      this.exchange = exchange;
      this.peer = peer;
      this.connect = connect;
    }

    @Override
    public void step(Optional<BinaryData> data, Consumer<Verdict> verdict) {
      verdict.accept(
          switch (exchange.step(data.map(BinaryData::toByteArray))) {
            case AuthenticationMethod.Challenge(var challenge) ->
                new Verdict.Challenged(Optional.of(BinaryData.of(challenge)));
            case AuthenticationMethod.Authenticated(var userName, var last) ->
                judge(
                    peer,
                    connect,
                    new Credentials.Proved(userName, connect.userName()),
                    last.map(BinaryData::of));
            case AuthenticationMethod.Failed() ->
                new Verdict.Refused(ReasonCode.NOT_AUTHORIZED, "Authentication Method failed");
          });
    }
  }

  private final class Rights implements Authorization {
    private final MqttAuthorization rights;
    private final boolean isUser;
    private final Optional<Instant> tokenEnd;

    /**
     * @param byLogin whether a login has proved the user name, if there is one
     * @param tokenEnd if it was by a token; else it was by the users file
     */
    Rights(MqttAuthorization rights, boolean byLogin, Optional<Instant> tokenEnd) {
      this.rights = rights;
      this.isUser = byLogin && tokenEnd.isEmpty();
      this.tokenEnd = tokenEnd;
    }

    @Override
    public Optional<String> identity() {
      var subject = rights.subject();
      return subject.principal().map(PeerPrincipal::commonName).or(subject::userName);
    }

    @Override
    public Owner publisher() {
      return PublisherRights.owner(rights.subject(), true, tokenEnd);
    }

    @Override
    public long validUntil() {
      return Stream.concat(
              rights.subject().principal().map(PeerPrincipal::notAfter).stream(), tokenEnd.stream())
          .mapToLong(Instant::toEpochMilli)
          .min()
          .orElse(Long.MAX_VALUE);
    }

    @Override
    public boolean mayConnect() {
      return rights.connect() instanceof Decision.Allowed
          && rights.subject().principal().map(publishers::mayStay).orElse(true)
          && tokenEnd.map(publishers::isAhead).orElse(true)
          && (!isUser || rights.subject().userName().map(users::test).orElse(true));
    }

    @Override
    public boolean banned() {
      return rights.banned();
    }

    @Override
    public boolean mayPublish(String topic, boolean retain) {
      return rights.mayPublish(topic, retain);
    }

    @Override
    public boolean maySubscribe(String pattern) {
      return rights.maySubscribe(pattern);
    }

    @Override
    public Optional<String> ruleAgainstPublish(String topic, boolean retain) {
      return ruleAgainst(rights.publish(topic, retain));
    }

    @Override
    public Optional<String> ruleAgainstSubscribe(String pattern) {
      return ruleAgainst(rights.subscribe(pattern));
    }

    /** Nobody's, if the rules have changed since. */
    private static Optional<String> ruleAgainst(Decision decision) {
      return switch (decision) {
        case Decision.Denied(var rule) -> Optional.of(rule);
        case Decision.Allowed _ -> Optional.empty();
      };
    }

    @Override
    public long version() {
      return rights.policyVersion();
    }
  }
}
