package org.parley.edge;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.parley.core.Ticker;
import org.parley.identity.token.TokenKeys;

/**
 * The keys of the issuer in force, wherever they come from. Those that were good last stay while
 * none better come. One thread changes them.
 */
final class JwksKeys implements Supplier<TokenKeys> {
  private static final Logger LOG = System.getLogger(JwksKeys.class.getName());

  private final Ticker ticker;
  private volatile TokenKeys inForce = TokenKeys.NONE;
  private volatile Optional<String> failure = Optional.empty();
  private final LongAdder failures = new LongAdder();
  private volatile long confirmed;
  private byte[] used = {};

  JwksKeys(Ticker ticker) {
    this.ticker = ticker;
    this.confirmed = ticker.nanos();
  }

  /** Puts a key set in force, if it can be. */
  void use(byte[] bytes) {
    if (used.length > 0 && Arrays.equals(bytes, used)) {
      confirm();
      return;
    }
    switch (TokenKeys.parse(bytes)) {
      case TokenKeys.Parsed.Loaded(var keys) -> {
        inForce = keys;
        used = bytes;
        confirm();
        LOG.log(Level.INFO, "key set of tokens read: " + keys.size() + " keys");
      }
      case TokenKeys.Parsed.Failed(var what) -> fail(what);
    }
  }

  /** The set is as it was. */
  void confirm() {
    failure = Optional.empty();
    confirmed = ticker.nanos();
  }

  /**
   * There is none.
   *
   * @param reason a fixed phrase
   */
  void fail(String reason) {
    fail(reason, "");
  }

  /**
   * The same.
   *
   * @param detail more of it for the log, and fit for that
   */
  void fail(String reason, String detail) {
    if (!failure.equals(Optional.of(reason))) {
      LOG.log(
          Level.WARNING,
          "key set of tokens not used, "
              + (used.length > 0 ? "the former one stays in force: " : "no token is taken: ")
              + reason
              + detail);
    }
    failure = Optional.of(reason);
    failures.increment();
  }

  /** Returns the keys in force. */
  @Override
  public TokenKeys get() {
    return inForce;
  }

  /** Returns why the set as it is now is not in force. */
  Optional<String> problem() {
    return failure;
  }

  /** Returns how often it could not be used. */
  long failures() {
    return failures.sum();
  }

  /** Returns how long ago the set in force was last seen to be the issuer's. */
  Duration age() {
    return Duration.ofNanos(ticker.nanos() - confirmed);
  }
}
