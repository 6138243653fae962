package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.parley.testing.HttpAnswer;

/** What every refusal looks like: short plain text that tells nothing about the server (A12). */
final class PlainAnswer {
  private static final int LONGEST_BODY = 120;

  private PlainAnswer() {}

  /** Fails unless it is a refusal of this broker with this status. */
  static void check(HttpAnswer answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type").orElse("none")).startsWith("text/plain");
    assertThat(answer.body()).isNotBlank().hasSizeLessThan(LONGEST_BODY).hasLineCount(1);
    checkSaysNothing(answer);
  }

  /** Fails if it tells about the server, be it the broker's answer or the HTTP layer's own. */
  static void checkSaysNothing(HttpAnswer answer) {
    assertThat(answer.headers()).doesNotContainKeys("Server", "X-Powered-By", "Set-Cookie");
    assertThat(answer.body())
        .doesNotContainIgnoringCase("exception")
        .doesNotContainIgnoringCase("liberty")
        .doesNotContain("org.", "com.ibm", "java.", "\tat ", "SRVE");
  }
}
