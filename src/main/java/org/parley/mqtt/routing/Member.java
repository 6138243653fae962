package org.parley.mqtt.routing;

/** A subscription with the copy that it leads to, made once. */
record Member(Subscription subscription, Target target) {

  static Member of(Subscription subscription) {
    return new Member(subscription, Target.of(subscription));
  }

  String clientId() {
    return subscription.subscriber().clientId();
  }

  boolean noLocal() {
    return subscription.options().noLocal();
  }

  boolean isOf(Subscriber subscriber) {
    return subscription.subscriber().equals(subscriber);
  }
}
