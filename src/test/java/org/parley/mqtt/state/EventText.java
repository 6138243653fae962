package org.parley.mqtt.state;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.routing.Subscription;
import org.parley.mqtt.routing.TopicFilter;

/** Events as text, each with whom it is about in front: what a model can say too. */
public final class EventText {
  private EventText() {}

  /** Returns the events about each, in their order; those about others come in between. */
  public static List<String> sorted(List<String> events) {
    var sorted = new ArrayList<>(events);
    sorted.sort((one, other) -> subject(one).compareTo(subject(other)));
    return sorted;
  }

  private static String subject(String text) {
    return text.substring(0, text.indexOf('|'));
  }

  static List<String> of(List<Event> events) {
    var texts = new ArrayList<String>(events.size());
    for (var event : events) {
      texts.add(of(event));
    }
    return texts;
  }

  private static String of(Event event) {
    return switch (event) {
      case Event.Attached attached -> attached(attached);
      case Event.AttachRefused(var connection, var reason) ->
          "#" + connection + "|refused " + reason;
      case Event.Displaced(var connection, var reason) -> displaced(connection, reason);
      case Event.Enqueued(var session, var entry) ->
          session.clientId() + "|enqueued " + entry(entry);
      case Event.Delivered(var session, var delivery) ->
          session.clientId() + "|delivered " + delivery(delivery);
      case Event.Removed(var session, var entry, var reason) ->
          removed(session.clientId(), entry.sequence(), reason);
      case Event.Dropped(var clientId, var message, var reason) ->
          dropped(clientId, message, reason);
      case Event.Published published ->
          published(
              published.session().clientId(),
              published.epoch(),
              published.packetId(),
              published.reason());
      case Event.Recorded(var session, var epoch, var sequence) ->
          session.clientId() + "|recorded " + epoch + " " + sequence;
      case Event.Released(var session, var epoch, var packetId, var found) ->
          session.clientId() + "|released " + epoch + " " + packetId + " " + found;
      case Event.Subscribed subscribed ->
          subscribed(
              subscribed.session().clientId(),
              subscribed.reasons(),
              subscribed.retained().stream().map(EventText::delivery).sorted().toList());
      case Event.Unsubscribed unsubscribed ->
          unsubscribed.session().clientId() + "|unsubscribed " + unsubscribed.reasons();
      case Event.WillDue(var id, var owner, var will) -> willDue(id);
      case Event.SessionEnded(var session) -> session.clientId() + "|ended";
    };
  }

  private static String attached(Event.Attached attached) {
    return attached(
        attached.session().clientId(),
        attached.connection(),
        attached.epoch(),
        attached.sessionPresent(),
        attached.sentBefore(),
        attached.queue().stream().map(EventText::entry).toList(),
        attached.inbound(),
        attached.subscriptions().stream().map(Subscription::filter).toList());
  }

  static String attached(
      String clientId,
      long connection,
      long epoch,
      boolean present,
      long sentBefore,
      List<String> queue,
      Map<Integer, ReasonCode> inbound,
      List<TopicFilter> filters) {
    return clientId
        + "|attached "
        + List.of(connection, epoch, present, sentBefore, queue, new TreeMap<>(inbound), filters);
  }

  static String displaced(long connection, ReasonCode reason) {
    return "#" + connection + "|displaced " + reason;
  }

  static String dropped(String clientId, Message message, Event.DropReason reason) {
    return clientId + "|dropped " + payload(message) + " " + reason;
  }

  /** What expires is told when somebody looks: apart from the rest. */
  static String removed(String clientId, long sequence, Event.DropReason reason) {
    var apart = reason == Event.DropReason.EXPIRED ? " expired" : "";
    return clientId + apart + "|removed " + sequence + " " + reason;
  }

  static String published(String clientId, long epoch, int packetId, ReasonCode reason) {
    return clientId + "|published " + epoch + " " + packetId + " " + reason;
  }

  static String subscribed(String clientId, List<ReasonCode> reasons, List<String> retained) {
    return clientId + "|subscribed " + reasons + " " + retained;
  }

  static String willDue(WillId id) {
    return id.clientId() + "|will " + id.epoch();
  }

  private static String entry(QueueEntry entry) {
    return entry(
        entry.sequence(),
        delivery(entry.delivery()),
        entry.released(),
        entry.group().map(TopicFilter::text).orElse(null));
  }

  static String entry(long sequence, String delivery, boolean released, @Nullable String group) {
    return sequence
        + ":"
        + delivery
        + (released ? " released" : "")
        + Optional.ofNullable(group).map(text -> " by " + text).orElse("");
  }

  static String delivery(Delivery delivery) {
    return delivery(
        delivery.message(),
        delivery.qos(),
        delivery.retain(),
        delivery.subscriptionIds(),
        delivery.publisher());
  }

  static String delivery(
      Message message, QoS qos, boolean retain, List<Integer> ids, Optional<Owner> publisher) {
    return payload(message)
        + "@"
        + qos.value()
        + (retain ? "r" : "")
        + (ids.size() < 2 ? ids : ids.stream().sorted().toList())
        + publisher.flatMap(Owner::userName).map(" of "::concat).orElse("");
  }

  /** Returns the payload: each message of a model has another. */
  public static String payload(Message message) {
    return new String(message.payload().toByteArray(), StandardCharsets.UTF_8);
  }
}
