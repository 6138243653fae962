package org.parley.mqtt.broker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.packet.ProblemInformation;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.packet.Suback;
import org.parley.mqtt.packet.Subscribe;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.Unsuback;
import org.parley.mqtt.packet.Unsubscribe;
import org.parley.mqtt.routing.Subscription;
import org.parley.mqtt.routing.TopicFilter;
import org.parley.mqtt.state.Command;
import org.parley.mqtt.state.Event;
import org.parley.mqtt.state.Session;

/**
 * SUBSCRIBE and UNSUBSCRIBE of one connection, MQTT 5.0 sections 3.8 to 3.11. Answers come in the
 * order of the requests: the log keeps it.
 */
final class Subscribing {
  private final MqttConnection connection;
  private final MqttBroker broker;
  private final Access access;
  private final ConnectionAudit audit;
  private final Deliveries deliveries;
  private final Session session;
  private final long epoch;

  /** What the session holds, by the text of the filter; a HashMap from the first on. */
  private Map<String, TopicFilter> held = Map.of();

  private final LazyQueue<Pending> pending = new LazyQueue<>();

  /**
   * A request with the answers that are known; the others come from the state.
   *
   * @param version of the rights by which it was judged
   */
  private record Pending(
      int packetId, long version, List<@Nullable ReasonCode> reasons, List<TopicFilter> asked) {}

  Subscribing(
      MqttConnection connection,
      MqttBroker broker,
      Access access,
      ConnectionAudit audit,
      Deliveries deliveries,
      Session session,
      long epoch,
      List<Subscription> subscriptions) {
    this.connection = connection;
    this.broker = broker;
    this.access = access;
    this.audit = audit;
    this.deliveries = deliveries;
    this.session = session;
    this.epoch = epoch;
    subscriptions.forEach(one -> hold(one.filter()));
  }

  private void hold(TopicFilter filter) {
    if (!(held instanceof HashMap)) {
      held = new HashMap<>();
    }
    held.put(filter.text(), filter);
  }

  private void release(TopicFilter filter) {
    if (!held.isEmpty()) {
      held.remove(filter.text());
    }
  }

  void subscribe(Subscribe subscribe) {
    var options = connection.options();
    if (subscribe.subscriptionId() != Subscribe.NO_ID && !options.subscriptionIdsAvailable()) {
      connection.end(ReasonCode.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED);
      return;
    }
    var entries = subscribe.entries();
    var reasons = new ArrayList<@Nullable ReasonCode>(entries.size());
    var requests = new ArrayList<Command.Subscribe.Request>(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      var filter = TopicFilter.parse(entries.get(i).filter());
      var unavailable = filter.map(this::unavailable).orElse(null);
      if (unavailable != null) {
        connection.end(unavailable);
        return;
      }
      var refusal = refusal(filter);
      if (refusal == null) {
        requests.add(
            new Command.Subscribe.Request(filter.orElseThrow(), granted(entries.get(i).options())));
      }
      reasons.add(refusal);
    }
    pending.add(
        new Pending(
            subscribe.packetId(),
            access.seenVersion(),
            reasons,
            requests.stream().map(Command.Subscribe.Request::filter).toList()));
    broker.submit(
        new Command.Subscribe(
            session.clientId(), epoch, subscribe.packetId(), subscribe.subscriptionId(), requests));
  }

  private @Nullable ReasonCode unavailable(TopicFilter filter) {
    var options = connection.options();
    if (!options.sharedAvailable() && filter.shareName().isPresent()) {
      return ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
    }
    boolean wild = filter.pattern().indexOf('+') >= 0 || filter.pattern().indexOf('#') >= 0;
    return wild && !options.wildcardAvailable()
        ? ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED
        : null;
  }

  private @Nullable ReasonCode refusal(Optional<TopicFilter> filter) {
    if (filter.isEmpty()) {
      return ReasonCode.TOPIC_FILTER_INVALID;
    }
    if (!access.maySubscribe(filter.get().pattern())) {
      broker.counters().count(Count.NOT_AUTHORIZED);
      denied(filter.get());
      return ReasonCode.NOT_AUTHORIZED;
    }
    return deliveries.replaying() > connection.options().replay()
            || connection.backlog().exhausted()
        ? ReasonCode.QUOTA_EXCEEDED
        : null;
  }

  private void denied(TopicFilter filter) {
    audit.deniedSubscribe(filter.text(), () -> access.ruleAgainstSubscribe(filter.pattern()));
  }

  private SubscriptionOptions granted(SubscriptionOptions asked) {
    var most = QoS.of(connection.options().maximumQos());
    return new SubscriptionOptions(
        asked.maximumQos().min(most),
        asked.noLocal(),
        asked.retainAsPublished(),
        asked.retainHandling());
  }

  void subscribed(Event.Subscribed event) {
    var request = pending.remove();
    for (int i = 0; i < event.reasons().size(); i++) {
      var filter = request.asked.get(i);
      if (!event.reasons().get(i).isFailure()) {
        hold(filter);
      } else if (event.reasons().get(i) == ReasonCode.QUOTA_EXCEEDED) {
        connection.counters().count(Count.SUBSCRIPTIONS_OVER_LIMIT);
      }
    }
    connection.send(
        new Suback(request.packetId, filled(request, event.reasons()), ProblemInformation.NONE));
    deliveries.replay(event.retained());
    if (request.version != access.seenVersion()) {
      recheck(); // rights went while it was on its way, and it was not held yet when they did
      deliveries.recheck();
    }
  }

  private static List<ReasonCode> filled(Pending request, List<ReasonCode> known) {
    var next = known.iterator();
    return request.reasons.stream()
        .map(reason -> reason == null ? next.next() : reason)
        .map(Objects::requireNonNull)
        .toList();
  }

  void unsubscribe(Unsubscribe unsubscribe) {
    var filters = unsubscribe.filters();
    var reasons = new ArrayList<@Nullable ReasonCode>(filters.size());
    var asked = new ArrayList<TopicFilter>(filters.size());
    for (var text : filters) {
      var filter = TopicFilter.parse(text);
      filter.ifPresent(asked::add);
      reasons.add(filter.isPresent() ? null : ReasonCode.TOPIC_FILTER_INVALID);
    }
    pending.add(new Pending(unsubscribe.packetId(), access.seenVersion(), reasons, asked));
    broker.submit(
        new Command.Unsubscribe(session.clientId(), epoch, unsubscribe.packetId(), asked));
  }

  void unsubscribed(Event.Unsubscribed event) {
    if (event.packetId() == 0) {
      deliveries
          .recheck(); // nobody has asked: rights were taken away, and nothing comes after this
      return;
    }
    var request = pending.remove();
    request.asked.forEach(this::release);
    connection.send(
        new Unsuback(request.packetId, filled(request, event.reasons()), ProblemInformation.NONE));
  }

  /** Takes away the subscriptions that are not allowed any more. */
  void recheck() {
    var lost =
        held.values().stream().filter(filter -> !access.maySubscribe(filter.pattern())).toList();
    if (!lost.isEmpty()) {
      lost.forEach(this::denied);
      lost.forEach(this::release);
      broker.submit(new Command.Unsubscribe(session.clientId(), epoch, 0, lost));
    }
  }
}
