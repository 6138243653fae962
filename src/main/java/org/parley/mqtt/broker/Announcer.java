package org.parley.mqtt.broker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.parley.log.CommitLog;
import org.parley.mqtt.broker.MqttCounters.Count;
import org.parley.mqtt.broker.MqttCounters.Drop;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.Command;
import org.parley.mqtt.state.Delivery;
import org.parley.mqtt.state.Event;
import org.parley.mqtt.state.QueueEntry;
import org.parley.mqtt.state.Receiver;
import org.parley.mqtt.state.Session;

/**
 * Tells connections what came of commands: puts it into their mailboxes, whoever's thread it is.
 */
final class Announcer implements CommitLog.Listener {
  private static final Logger LOG = System.getLogger(Announcer.class.getName());

  private final MqttBroker broker;
  private final MqttCounters counters;

  Announcer(MqttBroker broker) {
    this.broker = broker;
    this.counters = broker.counters();
  }

  @Override
  public void failed() {
    broker.logFailed();
  }

  @Override
  public void applied(Command command, List<Event> events) {
    MqttConnection displaced = null;
    for (var event : events) {
      switch (event) {
        case Event.Attached attached -> attached(attached, displaced);
        case Event.AttachRefused(var id, var _) -> post(broker.connection(id), event);
        case Event.Displaced(var id, var reason) -> {
          displaced = broker.connection(id);
          post(displaced, event);
          if (reason == ReasonCode.SESSION_TAKEN_OVER) {
            counters.count(Count.TAKEOVERS);
          }
        }
        case Event.Enqueued(var session, var entry) -> enqueued(session, entry, event);
        case Event.Delivered(var session, var delivery) -> deliver(session.receiver(), delivery);
        case Event.Removed(var session, var entry, var reason) -> {
          counters.dropped(drop(reason));
          broker.latency().done(entry.delivery().message());
          post(session, event);
        }
        case Event.Dropped(var _, var _, var reason) -> counters.dropped(drop(reason));
        case Event.Published published -> post(published.session(), event);
        case Event.Recorded(var session, var _, var _) -> post(session, event);
        case Event.Released(var session, var _, var _, var _) -> post(session, event);
        case Event.Subscribed subscribed -> post(subscribed.session(), event);
        case Event.Unsubscribed unsubscribed -> post(unsubscribed.session(), event);
        case Event.WillDue due -> publishWill(due);
        case Event.SessionEnded _ -> {}
      }
    }
    if (command instanceof Command.Publish publish) {
      broker.latency().published(publish.message());
    }
  }

  private void enqueued(Session session, QueueEntry entry, Event event) {
    if (session.receiver() instanceof MqttConnection connection) {
      broker.latency().onItsWay(entry.delivery().message());
      connection.post(event);
    }
  }

  /** The former connection of the session has to be quiet before the new one says anything. */
  private void attached(Event.Attached attached, @Nullable MqttConnection former) {
    var connection = broker.connection(attached.connection());
    if (connection == null) {
      LOG.log(Level.DEBUG, "a connection was gone before it had its session");
      broker.submit(
          new Command.Detach(
              attached.session().clientId(), attached.epoch(), OptionalLong.empty(), true));
      return;
    }
    attached.session().receiver(connection);
    if (former == null) {
      connection.post(attached);
    } else {
      former.tell(phase -> phase.succeeded(() -> connection.post(attached)));
    }
  }

  private static void post(Session session, Event event) {
    if (session.receiver() instanceof MqttConnection connection) {
      connection.post(event);
    }
  }

  private static void post(@Nullable MqttConnection connection, Event event) {
    if (connection != null) {
      connection.post(event);
    }
  }

  private void deliver(@Nullable Receiver receiver, Delivery delivery) {
    if (receiver == null) {
      counters.dropped(Drop.OFFLINE);
    } else {
      receiver.deliver(delivery);
    }
  }

  private static Drop drop(Event.DropReason reason) {
    return switch (reason) {
      case QUEUE_FULL -> Drop.QUEUE_FULL;
      case EXPIRED -> Drop.EXPIRED;
      case OFFLINE -> Drop.OFFLINE;
      case SESSION_ENDED -> Drop.SESSION_ENDED;
      case RETAINED_FULL -> Drop.RETAINED_FULL;
    };
  }

  /** A will is asked about once more: rights may have gone since CONNECT. */
  private void publishWill(Event.WillDue due) {
    if (mayPublish(due)) {
      broker.submit(new Command.PublishWill(due.id()));
    } else {
      counters.count(Count.NOT_AUTHORIZED);
      ConnectionAudit.deniedWill(broker.audit(), due);
      broker.submit(new Command.DropWill(due.id()));
    }
  }

  /** An error of ours costs this will, not the others that are told of meanwhile. */
  private boolean mayPublish(Event.WillDue due) {
    var will = due.will();
    try {
      return broker
          .authentication()
          .mayPublish(due.owner(), due.id().clientId(), will.topic().text(), will.retain());
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a will could not be judged and is dropped", e);
      counters.count(Count.INTERNAL_ERRORS);
      return false;
    }
  }
}
