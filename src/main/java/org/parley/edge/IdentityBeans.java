package org.parley.edge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.parley.core.Ticker;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.MqttSettings;
import org.parley.identity.authentication.AuthenticationMethods;
import org.parley.identity.authentication.Decoys;
import org.parley.identity.authentication.PasswordAuthentication;
import org.parley.identity.authentication.ScramSha256;
import org.parley.identity.authentication.StoredPasswords;
import org.parley.identity.authentication.Users;

/** What proves a user name, made from its settings. */
@ApplicationScoped
public class IdentityBeans {
  private static final int SECRET_BYTES = 32;

  @Produces
  @Singleton
  UsersFile usersFile(Configuration configuration) {
    return new UsersFile(
        Optional.of(configuration.get(MqttSettings.USERS))
            .filter(path -> !path.isEmpty())
            .map(path -> new WatchedPath(Path.of(path), Users.MAX_BYTES)));
  }

  /** Its secret lasts as long as the process. */
  @Produces
  @Singleton
  Decoys decoys() {
    var secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return new Decoys(secret);
  }

  @Produces
  @Singleton
  PasswordAuthentication passwordAuthentication(UsersFile users, Decoys decoys) {
    return new StoredPasswords(users, decoys);
  }

  @Produces
  @Singleton
  TokenParts tokenParts(Configuration configuration, InstantSource clock, Ticker ticker) {
    return TokenParts.of(configuration, clock, ticker);
  }

  @Produces
  @Singleton
  AuthenticationMethods authenticationMethods(UsersFile users, Decoys decoys) {
    return new AuthenticationMethods(List.of(new ScramSha256(users, decoys, new SecureRandom())));
  }
}
