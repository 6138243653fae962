package org.parley.mqtt.routing;

/**
 * A subscription with the copy that it leads to, made once.
 *
 * @param noLocal that of the subscription's options: a match need not look at the subscription
 */
record Member(Subscription subscription, Target target, boolean noLocal) implements Members {

  static Member of(Subscription subscription) {
    return new Member(subscription, Target.of(subscription), subscription.options().noLocal());
  }

  String clientId() {
    return subscription.subscriber().clientId();
  }

  boolean isOf(Subscriber subscriber) {
    return subscription.subscriber().equals(subscriber);
  }
}
