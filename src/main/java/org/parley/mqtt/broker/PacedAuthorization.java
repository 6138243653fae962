package org.parley.mqtt.broker;

import java.time.Duration;
import java.util.Optional;
import org.parley.limit.MessageRates;
import org.parley.mqtt.state.Owner;

/** What a peer may do, at the rate at which it may publish. */
record PacedAuthorization(Authorization inner, MessageRates.Toll toll) implements Authorization {
  @Override
  public Optional<String> identity() {
    return inner.identity();
  }

  @Override
  public Owner publisher() {
    return inner.publisher();
  }

  @Override
  public boolean mayConnect() {
    return inner.mayConnect();
  }

  @Override
  public boolean banned() {
    return inner.banned();
  }

  @Override
  public boolean mayPublish(String topic, boolean retain) {
    return inner.mayPublish(topic, retain);
  }

  @Override
  public Duration pace() {
    return toll.pay();
  }

  @Override
  public boolean maySubscribe(String pattern) {
    return inner.maySubscribe(pattern);
  }

  @Override
  public Optional<String> ruleAgainstPublish(String topic, boolean retain) {
    return inner.ruleAgainstPublish(topic, retain);
  }

  @Override
  public Optional<String> ruleAgainstSubscribe(String pattern) {
    return inner.ruleAgainstSubscribe(pattern);
  }

  @Override
  public long validUntil() {
    return inner.validUntil();
  }

  @Override
  public long version() {
    return inner.version();
  }
}
