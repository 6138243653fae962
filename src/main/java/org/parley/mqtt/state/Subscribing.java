package org.parley.mqtt.state;

import java.util.ArrayList;
import java.util.List;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.routing.Subscription;
import org.parley.mqtt.routing.SubscriptionIndex;

/** SUBSCRIBE and UNSUBSCRIBE, MQTT 5.0 sections 3.8.4 and 3.10.4. */
final class Subscribing {
  /**
   * Levels of retained topics that one SUBSCRIBE may have looked at, before a filter that comes
   * after them: all others wait for it meanwhile.
   */
  static final int MOST_LOOKS = 1_000_000;

  private final StateLimits limits;
  private final Outcome outcome;
  private final SubscriptionIndex index;
  private final Sessions sessions;
  private final Retention retention;
  private final Deliveries deliveries;

  Subscribing(
      StateLimits limits,
      Outcome outcome,
      SubscriptionIndex index,
      Sessions sessions,
      Retention retention,
      Deliveries deliveries) {
    this.limits = limits;
    this.outcome = outcome;
    this.index = index;
    this.sessions = sessions;
    this.retention = retention;
    this.deliveries = deliveries;
  }

  void subscribe(Command.Subscribe subscribe) {
    var session = sessions.attached(subscribe.clientId(), subscribe.epoch());
    if (session == null) {
      return;
    }
    var reasons = new ArrayList<ReasonCode>(subscribe.requests().size());
    var retained = new ArrayList<Delivery>();
    long most = retention.looks() + MOST_LOOKS;
    for (var request : subscribe.requests()) {
      var subscription =
          new Subscription(
              session, request.filter(), request.options(), subscribe.subscriptionId());
      boolean held = session.holds(request.filter());
      boolean looks = sendsRetained(subscription, held);
      boolean tooMany = !held && isFull(session);
      if (tooMany || (looks && retention.looks() > most)) {
        reasons.add(ReasonCode.QUOTA_EXCEEDED);
        continue;
      }
      session.put(subscription);
      index.put(subscription);
      sessions.subscribed(held ? 0 : 1);
      reasons.add(ReasonCode.granted(subscription.grantedQos()));
      if (looks) {
        addRetained(subscription, retained);
      }
    }
    tell(session, subscribe, reasons, retained);
  }

  private boolean isFull(SessionState session) {
    return session.subscriptions() >= limits.subscriptions()
        || sessions.subscriptions() >= limits.allSubscriptions();
  }

  private static boolean sendsRetained(Subscription subscription, boolean held) {
    return !subscription.filter().isShared() // section 4.8.2
        && switch (subscription.options().retainHandling()) {
          case SEND -> true;
          case SEND_IF_NEW -> !held;
          case DO_NOT_SEND -> false;
        };
  }

  /**
   * Adds a copy of each message that the filter matches, for all filters together a bounded number.
   */
  private void addRetained(Subscription subscription, List<Delivery> copies) {
    var ids =
        subscription.subscriptionId() == 0
            ? List.<Integer>of()
            : List.of(subscription.subscriptionId());
    var own = subscription.options().noLocal() ? subscription.subscriber().clientId() : "";
    retention.forEachMatching(
        subscription.filter(),
        outcome.now(),
        retained -> {
          var message = retained.message();
          if (copies.size() >= limits.retainedMessages()) {
            outcome.add(
                new Event.Dropped(
                    subscription.subscriber().clientId(), message, Event.DropReason.QUEUE_FULL));
            return false;
          }
          if (own.isEmpty() || !own.equals(message.publisher())) {
            var qos = message.qos().min(subscription.grantedQos());
            copies.add(Delivery.replayed(retained, qos, ids));
          }
          return true;
        });
  }

  private void tell(
      SessionState session,
      Command.Subscribe subscribe,
      List<ReasonCode> reasons,
      List<Delivery> retained) {
    var atOnce = retained.stream().filter(delivery -> delivery.qos() == QoS.AT_MOST_ONCE).toList();
    outcome.add(
        new Event.Subscribed(
            session, subscribe.epoch(), subscribe.packetId(), List.copyOf(reasons), atOnce));
    for (var delivery : retained) {
      if (delivery.qos() != QoS.AT_MOST_ONCE) {
        deliveries.enqueueRetained(session, delivery);
      }
    }
  }

  void unsubscribe(Command.Unsubscribe unsubscribe) {
    var session = sessions.attached(unsubscribe.clientId(), unsubscribe.epoch());
    if (session == null) {
      return;
    }
    var reasons = new ArrayList<ReasonCode>(unsubscribe.filters().size());
    for (var filter : unsubscribe.filters()) {
      boolean held = session.remove(filter);
      if (held) {
        index.remove(session, filter);
        sessions.subscribed(-1);
      }
      reasons.add(held ? ReasonCode.SUCCESS : ReasonCode.NO_SUBSCRIPTION_EXISTED);
    }
    outcome.add(
        new Event.Unsubscribed(
            session, unsubscribe.epoch(), unsubscribe.packetId(), List.copyOf(reasons)));
  }
}
