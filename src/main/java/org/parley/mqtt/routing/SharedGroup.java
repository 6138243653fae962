package org.parley.mqtt.routing;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.QoS;

/**
 * The sessions of one shared subscription, MQTT 5.0 section 4.8.2: each message is for one of them.
 * Its identity is the full text of the filter. The members change by one thread at a time; any
 * thread may choose.
 */
public final class SharedGroup {
  private final TopicFilter filter;
  private final AtomicInteger cursor = new AtomicInteger();

  /** In the order of their Client Identifiers; never changed, only replaced. */
  private volatile MemberArray members = MemberArray.NONE;

  /** Turns taken by {@link #next}; of the thread that changes the members. */
  private long turn;

  SharedGroup(TopicFilter filter) {
    this.filter = filter;
  }

  public TopicFilter filter() {
    return filter;
  }

  String name() {
    return filter.text();
  }

  /** Returns how many sessions are in it. */
  public int size() {
    return members.size();
  }

  /**
   * Chooses who gets a message, for those who do without the order of the log. In turn: first who
   * is online and has room, else who is online, else who is offline and will have it kept: with QoS
   * 0 nobody. Null if there is no such member.
   */
  public @Nullable Target choose(QoS published) {
    return choose(published, cursor.getAndIncrement(), Subscriber::hasRoom);
  }

  /**
   * Chooses as {@link #choose(QoS)} does, by turns of its own: the same for the same history of
   * calls. For the one thread that changes subscriptions.
   */
  public @Nullable Target next(QoS published, Predicate<Subscriber> hasRoom) {
    return choose(published, turn++, hasRoom);
  }

  private @Nullable Target choose(QoS published, long turn, Predicate<Subscriber> hasRoom) {
    var all = members;
    int size = all.size();
    if (size == 0) {
      return null;
    }
    int first = (int) Math.floorMod(turn, (long) size);
    Target online = null;
    Target offline = null;
    for (int i = 0; i < size; i++) {
      int at = first + i;
      var target = all.get(at < size ? at : at - size).target();
      if (!target.subscriber().online()) {
        if (offline == null && target.qos(published) != QoS.AT_MOST_ONCE) {
          offline = target;
        }
      } else if (hasRoom.test(target.subscriber())) {
        return target;
      } else if (online == null) {
        online = target;
      }
    }
    return online == null ? offline : online;
  }

  @Nullable Subscription put(Member member) {
    var all = members;
    int at = all.find(member.clientId());
    members = at < 0 ? all.with(~at, member) : all.replaced(at, member);
    return at < 0 ? null : all.get(at).subscription();
  }

  @Nullable Subscription remove(Subscriber subscriber) {
    var all = members;
    int at = all.find(subscriber.clientId());
    if (at < 0 || !all.get(at).isOf(subscriber)) {
      return null;
    }
    members = all.without(at);
    return all.get(at).subscription();
  }
}
