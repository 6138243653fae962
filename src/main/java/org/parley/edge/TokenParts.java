package org.parley.edge;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.parley.core.Ticker;
import org.parley.edge.metrics.TokenMetrics;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.Setting;
import org.parley.edge.settings.SettingException;
import org.parley.edge.settings.Settings;
import org.parley.edge.settings.TokenSettings;
import org.parley.identity.IdentityRule;
import org.parley.identity.authentication.TokenAuthentication;
import org.parley.identity.token.JwtAuthentication;
import org.parley.identity.token.TokenKeys;
import org.parley.identity.token.TokenRules;

/** What takes tokens in place of passwords, if the operator wants it, as one thing. */
public final class TokenParts {
  private static final Duration TICK = Duration.ofSeconds(1);

  private final JwksKeys keys;
  private final JwksFeed feed;
  private final Duration period;
  private final Optional<JwtAuthentication> tokens;

  private TokenParts(
      JwksKeys keys, JwksFeed feed, Duration period, Optional<JwtAuthentication> tokens) {
    this.keys = keys;
    this.feed = feed;
    this.period = period;
    this.tokens = tokens;
  }

  /**
   * Reads the settings, and a key set that is a file.
   *
   * @throws SettingException if one is missing, or the file cannot be used
   */
  static TokenParts of(Configuration configuration, InstantSource clock, Ticker ticker) {
    var keys = new JwksKeys(ticker);
    if (!areTaken(configuration)) {
      return new TokenParts(keys, JwksFeed.NONE, TICK, Optional.empty());
    }
    var rules =
        new TokenRules(
            needed(configuration, TokenSettings.ISSUER),
            needed(configuration, TokenSettings.AUDIENCE),
            configuration.get(TokenSettings.IDENTITY_CLAIM),
            sharedName(configuration),
            configuration.get(TokenSettings.CLOCK_SKEW),
            Math.toIntExact(configuration.get(TokenSettings.MAX_SIZE)));
    var set = configuration.get(TokenSettings.JWKS);
    boolean fetched = set.contains("://");
    var feed =
        fetched
            ? fetcher(configuration, URI.create(set), keys, ticker)
            : new JwksFile(new WatchedPath(Path.of(set), TokenKeys.MAX_BYTES), keys);
    var names = new IdentityRule(configuration.get(Settings.IDENTITY_PATTERN));
    return new TokenParts(
        keys,
        feed,
        fetched ? TICK : configuration.get(TokenSettings.CHECK),
        Optional.of(new JwtAuthentication(rules, keys, feed::missed, names::allowed, clock)));
  }

  private static JwksFeed fetcher(
      Configuration configuration, URI address, JwksKeys keys, Ticker ticker) {
    var authorities =
        Optional.of(configuration.get(TokenSettings.AUTHORITIES))
            .filter(path -> !path.isEmpty())
            .map(Path::of);
    return new JwksFetcher(
        new JwksHttp(address, authorities, configuration.get(TokenSettings.FETCH_TIMEOUT)),
        keys,
        configuration.get(TokenSettings.REFRESH),
        configuration.get(TokenSettings.PAUSE),
        ticker);
  }

  /** Without them, tokens for others, or of others that share the keys, would do. */
  private static String needed(Configuration configuration, Setting<String> setting) {
    var value = configuration.get(setting);
    if (value.isEmpty()) {
      throw new SettingException(
          "%s (%s) is \"\": set it, as %s is."
              .formatted(setting.key(), setting.environmentName(), TokenSettings.JWKS.key()));
    }
    return value;
  }

  /** Returns whether there is a key set to check tokens by. */
  static boolean areTaken(Configuration configuration) {
    return !configuration.get(TokenSettings.JWKS).isEmpty();
  }

  /** Returns the user name that is everybody's, if one is. */
  static Optional<String> sharedName(Configuration configuration) {
    return Optional.of(configuration.get(TokenSettings.USER_NAME))
        .filter(name -> areTaken(configuration) && !name.isEmpty());
  }

  /** Returns what judges passwords that are tokens. */
  TokenAuthentication authentication() {
    return tokens.<TokenAuthentication>map(taken -> taken).orElse(TokenAuthentication.NONE);
  }

  /** Begins to look for newer keys. */
  void start(Timers timers) {
    if (tokens.isPresent()) {
      feed.tick();
      timers.every(period, feed::tick);
    }
  }

  void stop() {
    feed.stop();
  }

  /** Returns why the key set as it is now is not in force, in a fixed phrase. */
  public Optional<String> problem() {
    return keys.problem();
  }

  /** Returns what operators see; empty if no tokens are taken. */
  public Optional<TokenMetrics.Figures> figures() {
    return tokens.map(
        taken ->
            new TokenMetrics.Figures(
                taken.accepted(),
                taken.refused(),
                taken.undecided(),
                keys.get().size(),
                keys.age(),
                keys.failures()));
  }
}
