package org.parley.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.parley.testing.TestIssuer;

class JwksFetcherTest {
  private static final Duration INTERVAL = Duration.ofMinutes(15);
  private static final Duration PAUSE = Duration.ofSeconds(30);
  private static final byte[] ONE = TestIssuer.keySet(TestIssuer.ec("one")).getBytes(UTF_8);
  private static final byte[] TWO =
      TestIssuer.keySet(TestIssuer.ec("one"), TestIssuer.ec("two")).getBytes(UTF_8);

  private final List<CompletableFuture<byte[]>> fetches = new ArrayList<>();
  private long nanos = 17;
  private final JwksKeys keys = new JwksKeys(() -> nanos);
  private final JwksFetcher fetcher =
      new JwksFetcher(this::fetch, keys, INTERVAL, PAUSE, () -> nanos);

  private CompletableFuture<byte[]> fetch() {
    fetches.add(new CompletableFuture<>());
    return fetches.getLast();
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
    fetcher.tick();
  }

  private void answer(byte[] set) {
    fetches.getLast().complete(set);
    fetcher.tick();
  }

  private void fail(Throwable cause) {
    fetches.getLast().completeExceptionally(cause);
    fetcher.tick();
  }

  @Test
  void givenStart_whenTheFirstFetchIsAnswered_thenItsKeysAreInForce() {
    assertThat(keys.get().size()).isZero();
    fetcher.tick();
    fetcher.tick();
    assertThat(fetches).hasSize(1);

    answer(ONE);

    assertThat(keys.get().size()).isEqualTo(1);
    assertThat(keys.problem()).isEmpty();
  }

  @Test
  void givenKeysInForce_whenTheIntervalIsOver_thenFetchedAgain() {
    fetcher.tick();
    answer(ONE);

    pass(INTERVAL.minusSeconds(1));
    assertThat(fetches).hasSize(1);
    assertThat(keys.age()).isEqualTo(INTERVAL.minusSeconds(1));
    pass(Duration.ofSeconds(1));
    assertThat(fetches).hasSize(2);

    answer(TWO);
    assertThat(keys.get().size()).isEqualTo(2);
    assertThat(keys.age()).isZero();
  }

  @Test
  void givenFetchThatFails_whenThePauseIsOver_thenAgainAndTheFormerKeysStay() {
    fetcher.tick();
    answer(ONE);
    pass(INTERVAL);

    fail(new IOException("connection to host.example lost"));

    assertThat(keys.get().size()).isEqualTo(1);
    assertThat(keys.problem()).contains("it cannot be fetched");
    assertThat(keys.failures()).isEqualTo(1);
    pass(PAUSE.minusSeconds(1));
    assertThat(fetches).hasSize(2);
    pass(Duration.ofSeconds(1));
    assertThat(fetches).hasSize(3);

    answer(ONE);
    assertThat(keys.problem()).isEmpty();
  }

  @Test
  void givenAnswers_whenTheyAreNoKeySet_thenNothingIsInForceAndItIsTold() {
    fetcher.tick();
    answer("<html>".getBytes(UTF_8));
    assertThat(keys.problem().orElseThrow()).startsWith("it is no JSON Web Key Set");

    pass(PAUSE);
    answer(new byte[0]);
    pass(PAUSE);
    fail(new TimeoutException());
    assertThat(keys.problem()).contains("no answer in time");
    pass(PAUSE);
    fail(new SSLHandshakeException("PKIX"));
    assertThat(keys.problem()).contains("TLS has failed");

    assertThat(keys.get().size()).isZero();
    assertThat(keys.failures()).isEqualTo(4);
  }

  @Test
  void givenKeysThatAreMissed_whenTokensNameThemAllTheTime_thenOneFetchInAPause() {
    fetcher.tick();
    answer(ONE);
    for (int i = 0; i < 300; i++) {
      fetcher.missed();
      pass(Duration.ofSeconds(1));
      if (!fetches.getLast().isDone()) {
        answer(ONE);
      }
    }

    assertThat(fetches).hasSize(1 + 300 / 30);

    pass(PAUSE.multipliedBy(3));
    assertThat(fetches).as("nobody misses any more").hasSize(1 + 300 / 30);
  }

  @Test
  void givenFetchThatHangs_whenStopped_thenItIsGivenUpAndNoOtherBegins() {
    fetcher.tick();

    fetcher.stop();
    pass(INTERVAL);
    pass(INTERVAL);

    assertThat(fetches).hasSize(1);
    assertThat(fetches.getFirst()).isCancelled();
  }
}
