package org.parley.mqtt.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.parley.identity.IdentityRule;
import org.parley.identity.RevocationCheck.Answer;
import org.parley.identity.authentication.AnonymousAccess;
import org.parley.identity.authentication.AuthenticationMethods;
import org.parley.identity.authentication.PasswordAuthentication;
import org.parley.identity.authentication.PeerAuthentication;
import org.parley.identity.authentication.TokenAuthentication;
import org.parley.limit.LogThrottle;
import org.parley.policy.Policy;

/** Authentication as a server has it, with a policy, for everybody on every way in. */
final class AccessByPolicy {
  private AccessByPolicy() {}

  /**
   * Makes it.
   *
   * @param passwords compares them
   * @param users whether there is (still) such a user
   */
  static PolicyAuthentication of(
      Policy policy, PasswordAuthentication passwords, Predicate<String> users) {
    var identities = new IdentityRule();
    return new PolicyAuthentication(
        new PeerAuthentication(
            identities,
            _ -> Answer.GOOD,
            passwords,
            TokenAuthentication.NONE,
            new AnonymousAccess(Optional.of(true), Set.of()),
            Instant::now),
        new AuthenticationMethods(List.of()),
        identities,
        _ -> Answer.GOOD,
        users,
        policy,
        Runnable::run,
        new LogThrottle(Duration.ofMinutes(1), 100, System::nanoTime),
        Instant::now,
        "broker.test");
  }
}
