package org.parley.mqtt.broker;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.ByteArrayInputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.parley.identity.Identification;
import org.parley.identity.IdentityRule;
import org.parley.identity.PeerPrincipal;
import org.parley.identity.RevocationCheck;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.state.Owner;
import org.parley.policy.Decision;
import org.parley.policy.Policy;
import org.parley.policy.Subject;
import org.parley.policy.TopicDecisions;

/**
 * What somebody may publish who is not here: wills, and retained messages that others are to get.
 * Judged by what was kept of him, and by what is in force now. Any thread may ask.
 */
final class PublisherRights {
  private static final Logger LOG = System.getLogger(PublisherRights.class.getName());

  /** Publishers of retained messages whose rights are known at a time; some 10 MiB at the most. */
  static final int MOST_KNOWN = 10_000;

  private static final Decision NOBODY = new Decision.Denied("publisher-is-nobody-any-more");

  /** For who is not who he was: the user is gone, the certificate revoked. */
  private static final TopicDecisions NOTHING =
      new TopicDecisions() {
        @Override
        public Decision publish(String topic, boolean retain) {
          return NOBODY;
        }

        @Override
        public Decision subscribe(String filter) {
          return NOBODY;
        }
      };

  /** Whose rights they are. The very owner: all retained messages of one have the same object. */
  private record Key(Owner owner, String clientId) {
    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(Object other) {
      return other instanceof Key key && key.owner == owner && key.clientId.equals(clientId);
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(owner) + clientId.hashCode();
    }
  }

  /** What was found out of one, and what was in force then. */
  private record Known(long policy, long change, TopicDecisions topics) {}

  private final IdentityRule identities;
  private final RevocationCheck revocations;
  private final Predicate<String> users;
  private final Policy policy;
  private final InstantSource clock;
  private final AtomicLong changes = new AtomicLong();
  private final Cache<Key, Known> known =
      Caffeine.newBuilder().maximumSize(MOST_KNOWN).executor(Runnable::run).build();

  /**
   * @param users whether there is (still) such a user
   */
  PublisherRights(
      IdentityRule identities,
      RevocationCheck revocations,
      Predicate<String> users,
      Policy policy,
      InstantSource clock) {
    this.identities = identities;
    this.revocations = revocations;
    this.users = users;
    this.policy = policy;
    this.clock = clock;
  }

  /**
   * Returns what is kept of a peer.
   *
   * @param tokenEnd when the token ends that has proved its user name
   */
  static Owner owner(Subject subject, boolean withCertificate, Optional<Instant> tokenEnd) {
    return new Owner(
        withCertificate
            ? subject.principal().map(PublisherRights::encoded)
            : Optional.<BinaryData>empty(),
        subject.userName(),
        tokenEnd,
        subject.protocol(),
        subject.transport(),
        subject.remoteAddress());
  }

  private static BinaryData encoded(PeerPrincipal principal) {
    try {
      return BinaryData.of(principal.certificate().getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that TLS has read", e);
    }
  }

  /** Users or revocations have changed, and perhaps the policy. */
  void changed() {
    changes.incrementAndGet();
  }

  /** Returns whether a will may be published, by somebody who could connect now. */
  boolean mayPublish(Owner owner, String clientId, String topic, boolean retain) {
    return isAllowed(topics(owner, clientId, clock.instant(), this::isGood).publish(topic, retain));
  }

  /** Returns whether somebody who is connected may stay: also while there is no CRL in force. */
  boolean mayStay(PeerPrincipal principal) {
    return isAhead(principal.notAfter()) && isNotRevoked(principal);
  }

  /** Returns whether somebody may connect with this certificate now. */
  private boolean isGood(PeerPrincipal principal) {
    return isAhead(principal.notAfter())
        && revocations.check(principal.certificate()) == RevocationCheck.Answer.GOOD;
  }

  /** Returns whether something that ends then has not ended. */
  boolean isAhead(Instant end) {
    return clock.instant().isBefore(end);
  }

  /**
   * Returns whether a retained message may be delivered: whether its publisher may publish it now.
   * That its certificate or its token has ended takes nothing away: the name goes on with the next
   * one.
   */
  boolean mayStillPublish(Owner owner, String clientId, String topic) {
    return isAllowed(topics(owner, clientId).publish(topic, true));
  }

  /** What is in force is read before it is applied: what is newer is only found out twice. */
  private TopicDecisions topics(Owner owner, String clientId) {
    var key = new Key(owner, clientId);
    long version = policy.version();
    long change = changes.get();
    var found = known.getIfPresent(key);
    if (found == null || found.policy != version || found.change != change) {
      var topics = topics(owner, clientId, null, this::isNotRevoked);
      found = new Known(version, change, topics);
      known.put(key, found);
    }
    return found.topics;
  }

  /** Returns of how many the rights are kept, after what is over the bound has gone. */
  long kept() {
    known.cleanUp();
    return known.estimatedSize();
  }

  private boolean isNotRevoked(PeerPrincipal principal) {
    return revocations.check(principal.certificate()) != RevocationCheck.Answer.REVOKED;
  }

  /**
   * Works out what one may do.
   *
   * @param now when certificate and token have to be valid; null: when they were
   */
  private TopicDecisions topics(
      Owner owner, String clientId, @Nullable Instant now, Predicate<PeerPrincipal> good) {
    var principal = owner.certificate().flatMap(one -> principal(one, now)).filter(good);
    if (principal.isEmpty() && owner.certificate().isPresent()) {
      return NOTHING;
    }
    if (owner.userName().isPresent() && !isProved(owner, owner.userName().get(), principal, now)) {
      return NOTHING;
    }
    return policy.topics(
        Subject.mqtt(
            principal,
            owner.userName(),
            owner.protocol(),
            owner.transport(),
            clientId,
            owner.remoteAddress()));
  }

  /**
   * Returns whether its token lasts, there is still such a user, or the certificate is of that
   * name.
   */
  private boolean isProved(
      Owner owner, String userName, Optional<PeerPrincipal> principal, @Nullable Instant now) {
    if (owner.tokenEnd().isPresent()) {
      return now == null || now.isBefore(owner.tokenEnd().get());
    }
    return principal.map(PeerPrincipal::commonName).filter(userName::equals).isPresent()
        || users.test(userName);
  }

  /** Returns who a certificate stands for by the rule of today; empty for nobody. */
  private Optional<PeerPrincipal> principal(BinaryData certificate, @Nullable Instant now) {
    try {
      var read =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(certificate.toByteArray()));
      var at = now == null ? read.getNotBefore().toInstant() : now;
      return identities.identify(new X509Certificate[] {read}, at)
              instanceof Identification.Identified(var principal)
          ? Optional.of(principal)
          : Optional.empty();
    } catch (CertificateException e) {
      LOG.log(Level.WARNING, "the certificate kept with a message cannot be read", e);
      return Optional.empty();
    }
  }

  private static boolean isAllowed(Decision decision) {
    return switch (decision) {
      case Decision.Allowed _ -> true;
      case Decision.Denied _ -> false;
    };
  }
}
