package org.parley.pcp.broker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.parley.core.Outbound;
import org.parley.pcp.codec.PcpV2Codec;
import org.parley.pcp.message.ErrorTexts;
import org.parley.pcp.message.MessageTypes;
import org.parley.pcp.message.PcpMessage;
import org.parley.pcp.message.PcpUri;
import org.parley.policy.Action;
import org.parley.policy.Decision;
import org.parley.policy.Policy;
import org.parley.policy.Subject;
import org.parley.session.ClientSession;
import org.parley.session.SessionRegistry;

/**
 * What happens to a message that could be read: its sender is checked, the policy is asked, then it
 * goes to its target or to the broker. The first check that fails answers it; each message is
 * delivered once or answered by one error.
 */
public final class Router {
  private static final Logger LOG = System.getLogger(Router.class.getName());

  private final SessionRegistry registry;
  private final Policy policy;
  private final Inventory inventory;
  private final PcpV2Codec codec;
  private final Replies replies;
  private final PcpCounters counters;
  private final PcpUri ownUri;

  /**
   * @param brokerName the common name of the broker's own certificate: {@code pcp://NAME/server} is
   *     the broker, as {@code pcp:///server} is
   */
  public Router(
      SessionRegistry registry,
      Policy policy,
      Inventory inventory,
      PcpV2Codec codec,
      Replies replies,
      PcpCounters counters,
      String brokerName) {
    this.registry = registry;
    this.policy = policy;
    this.inventory = inventory;
    this.codec = codec;
    this.replies = replies;
    this.counters = counters;
    this.ownUri = new PcpUri("pcp://" + brokerName + "/server");
  }

  void route(ClientSession session, PcpMessage message) {
    var own = PcpUri.of(session.uri());
    var target = message.target().orElse(PcpUri.BROKER);
    var sender = message.sender().orElse(own);
    if (isError(message) && isBroker(target)) {
      // Never answered, by no check: two peers that answer each other's errors would not stop.
      LOG.log(Level.DEBUG, () -> session + " sent an error");
    } else if (!sender.equals(own)) {
      refuse(session, message, notAuthenticated(message, sender, own));
    } else if (!message.hasAuthorizableCharset() || !allowed(session, message, target)) {
      notAuthorized(session, message);
    } else if (target.isWildcard()) {
      replies.error(session, message.id(), ErrorTexts.MULTIPLE_RECIPIENTS);
    } else if (isBroker(target)) {
      receive(session, message);
    } else {
      deliver(session, message.withSender(own), target);
    }
  }

  private boolean allowed(ClientSession session, PcpMessage message, PcpUri target) {
    var action = action(subject(session), message.messageType(), target);
    return switch (policy.decide(action)) {
      case Decision.Allowed _ -> true;
      case Decision.Denied(var rule) -> {
        LOG.log(Level.DEBUG, () -> session + " denied by " + rule);
        yield false;
      }
    };
  }

  /** What a message to the broker asks for is an action of its own. */
  private Action action(Subject subject, String messageType, PcpUri target) {
    if (isBroker(target)) {
      switch (messageType) {
        case MessageTypes.INVENTORY_REQUEST -> {
          return new Action.QueryInventory(subject);
        }
        case MessageTypes.ASSOCIATE_REQUEST -> {
          return new Action.Associate(subject);
        }
        default -> {}
      }
    }
    return new Action.Send(subject, target.text(), messageType);
  }

  /** Returns who a session is to the policy. */
  static Subject subject(ClientSession session) {
    return new Subject(
        session.principal(),
        session.protocol().label(),
        session.uri().clientType(),
        session.connection().remoteAddress());
  }

  private void notAuthorized(ClientSession session, PcpMessage message) {
    if (isAssociation(message)) {
      refuse(session, message, ErrorTexts.NOT_AUTHORIZED);
    } else {
      replies.notAuthorized(session, message.id());
    }
  }

  /** An association request is refused in its own form, and ends the session. */
  private void refuse(ClientSession session, PcpMessage message, String reason) {
    if (isAssociation(message)) {
      replies.associationRefused(session, message.id(), reason);
    } else {
      replies.error(session, message.id(), reason);
    }
  }

  /** A peer that asks for another session of its own name is told that it has one. */
  private static String notAuthenticated(PcpMessage message, PcpUri sender, PcpUri own) {
    return isAssociation(message) && sender.commonName().equals(own.commonName())
        ? ErrorTexts.ALREADY_ASSOCIATED
        : ErrorTexts.NOT_AUTHENTICATED;
  }

  private boolean isBroker(PcpUri target) {
    return target.isBroker() || target.equals(ownUri);
  }

  private static boolean isError(PcpMessage message) {
    return switch (message.messageType()) {
      case MessageTypes.ERROR_MESSAGE,
          MessageTypes.UNAUTHORIZED,
          MessageTypes.VERSION_ERROR,
          MessageTypes.TTL_EXPIRED ->
          true;
      default -> false;
    };
  }

  private static boolean isAssociation(PcpMessage message) {
    return message.messageType().equals(MessageTypes.ASSOCIATE_REQUEST);
  }

  private void deliver(ClientSession session, PcpMessage message, PcpUri target) {
    var receiver = target.client().flatMap(registry::find);
    if (receiver.isEmpty()) {
      replies.error(session, message.id(), ErrorTexts.NOT_CONNECTED);
      return;
    }
    var text = Outbound.Text.of(codec.encode(message));
    var id = message.id(); // the callback must not keep the data a second time
    Runnable onLost = () -> replies.lost(session, id);
    switch (receiver.get().connection().send(text, onLost)) {
      case QUEUED -> counters.delivered();
      case FULL -> replies.error(session, message.id(), ErrorTexts.QUEUE_FULL);
      case CLOSED -> replies.error(session, message.id(), ErrorTexts.NOT_CONNECTED);
    }
  }

  private void receive(ClientSession session, PcpMessage message) {
    switch (message.messageType()) {
      case MessageTypes.INVENTORY_REQUEST -> inventory.answer(session, message);
      case MessageTypes.ASSOCIATE_REQUEST -> replies.associated(session, message.id());
      default -> replies.error(session, message.id(), ErrorTexts.UNKNOWN_TYPE);
    }
  }
}
