package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.parley.limit.MessageRates;
import org.parley.limit.Rate;
import org.parley.mqtt.state.Owner;
import org.parley.testing.mqtt.MovedClock;

/** A peer whose rate of PUBLISH is limited is judged as before. */
class PacedAuthorizationTest {

  @Test
  void givenPacedPeer_whenDenied_thenTheRuleIsStillKnown() {
    var rates =
        new MessageRates(
            new MessageRates.Rates(
                new Rate(1, Duration.ofSeconds(1), 1), Rate.UNLIMITED, Duration.ofSeconds(1), 10),
            new MovedClock());
    var inner =
        new Authorization() {
          @Override
          public Owner publisher() {
            return new Owner(Optional.empty(), Optional.empty(), "mqtt", "tcp", "192.0.2.1");
          }

          @Override
          public boolean mayConnect() {
            return true;
          }

          @Override
          public boolean mayPublish(String topic, boolean retain) {
            return false;
          }

          @Override
          public boolean maySubscribe(String pattern) {
            return false;
          }

          @Override
          public Optional<String> ruleAgainstPublish(String topic, boolean retain) {
            return Optional.of("publish " + topic + retain);
          }

          @Override
          public Optional<String> ruleAgainstSubscribe(String pattern) {
            return Optional.of("subscribe " + pattern);
          }

          @Override
          public long version() {
            return 0;
          }
        };

    var paced = new PacedAuthorization(inner, rates.toll(Optional.empty()));

    assertThat(paced.ruleAgainstPublish("a", true)).contains("publish atrue");
    assertThat(paced.ruleAgainstSubscribe("b")).contains("subscribe b");
  }
}
