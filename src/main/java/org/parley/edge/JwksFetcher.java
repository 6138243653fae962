package org.parley.edge;

import java.net.ProtocolException;
import java.net.http.HttpTimeoutException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.parley.core.LogText;
import org.parley.core.Ticker;

/**
 * A key set that is fetched: at the start, from time to time, and when a token names a key that is
 * not in it; never twice within a pause, whatever tokens say, and one fetch at a time.
 */
final class JwksFetcher implements JwksFeed {
  private final Supplier<CompletableFuture<byte[]>> fetch;
  private final JwksKeys keys;
  private final Duration interval;
  private final Duration pause;
  private final Ticker ticker;
  private final AtomicBoolean wanted = new AtomicBoolean(true);
  private volatile @Nullable CompletableFuture<byte[]> running;
  private volatile boolean stopped;
  private boolean begun;
  private long last;

  /**
   * @param fetch begins to; it fails by itself when it takes too long
   * @param interval from one fetch to the next when all is well
   * @param pause from one to the next at the least
   */
  JwksFetcher(
      Supplier<CompletableFuture<byte[]>> fetch,
      JwksKeys keys,
      Duration interval,
      Duration pause,
      Ticker ticker) {
    this.fetch = fetch;
    this.keys = keys;
    this.interval = interval;
    this.pause = pause;
    this.ticker = ticker;
  }

  @Override
  public void tick() {
    var fetching = running;
    if (fetching != null) {
      if (!fetching.isDone()) {
        return;
      }
      running = null;
      take(fetching);
    }
    if (!stopped && isDue()) {
      begun = true;
      last = ticker.nanos();
      wanted.set(false);
      running = fetch.get();
    }
  }

  private boolean isDue() {
    var since = Duration.ofNanos(ticker.nanos() - last);
    boolean soon = wanted.get() || keys.problem().isPresent();
    return !begun || (since.compareTo(soon ? pause : interval) >= 0 && since.compareTo(pause) >= 0);
  }

  private void take(CompletableFuture<byte[]> done) {
    try {
      keys.use(done.join());
    } catch (CompletionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      keys.fail(phrase(cause), " (" + LogText.escape(cause.toString()) + ")");
    } catch (CancellationException _) {
      keys.fail("the fetch was given up");
    }
  }

  /** What everybody may know: the exception's own text has hosts and paths in it. */
  private static String phrase(Throwable failure) {
    return switch (failure) {
      case TimeoutException _ -> "no answer in time";
      case HttpTimeoutException _ -> "no answer in time";
      case SSLException _ -> "TLS has failed";
      case GeneralSecurityException _ -> "the authorities of its server cannot be used";
      case NoSuchFileException _ -> "the authorities of its server cannot be used";
      case ProtocolException _ -> "the answer is no key set";
      default -> "it cannot be fetched";
    };
  }

  @Override
  public void missed() {
    wanted.set(true);
  }

  /** Any thread may call; a fetch that begins at this moment ends by its own time limit. */
  @Override
  public void stop() {
    stopped = true;
    var fetching = running;
    if (fetching != null) {
      fetching.cancel(true);
    }
  }
}
