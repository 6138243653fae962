package org.parley.mqtt.broker;

import org.jspecify.annotations.Nullable;
import org.parley.mqtt.broker.MqttCounters.Drop;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.routing.Match;
import org.parley.mqtt.routing.Target;
import org.parley.mqtt.state.Delivery;
import org.parley.mqtt.state.Message;
import org.parley.mqtt.state.Session;

/**
 * Gives a message with QoS 0 to all who hear it now, without the log. Receivers that get the same
 * share one object.
 */
final class Fanout implements Match.TargetVisitor {
  private final Message message;
  private final MqttCounters counters;
  private @Nullable Delivery last;
  private boolean pressed;

  Fanout(Message message, MqttCounters counters) {
    this.message = message;
    this.counters = counters;
  }

  /**
   * Delivers.
   *
   * @return whether somebody does not keep up
   */
  boolean deliver(Match match) {
    match.forEach(message.publisher(), this);
    for (var group : match.groups()) {
      var chosen = group.choose(QoS.AT_MOST_ONCE);
      if (chosen != null) {
        visit(chosen);
      } else {
        counters.dropped(Drop.OFFLINE);
      }
    }
    return pressed;
  }

  @Override
  public void visit(Target target) {
    var receiver = ((Session) target.subscriber()).receiver();
    if (receiver == null) {
      counters.dropped(Drop.OFFLINE);
      return;
    }
    receiver.deliver(delivery(target));
    pressed |= !receiver.hasRoom();
  }

  private Delivery delivery(Target target) {
    boolean retain = target.retain(message.retain());
    var known = last;
    if (known != null
        && known.retain() == retain
        && known.subscriptionIds().equals(target.subscriptionIds())) {
      return known;
    }
    var made = Delivery.live(message, QoS.AT_MOST_ONCE, retain, target.subscriptionIds());
    last = made;
    return made;
  }
}
