package org.parley.pcp.broker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import org.parley.pcp.codec.VersionTranslator;
import org.parley.pcp.message.ErrorTexts;
import org.parley.pcp.message.JsonText;
import org.parley.pcp.message.MessageTypes;
import org.parley.pcp.message.PcpMessage;
import org.parley.pcp.message.PcpUri;
import org.parley.pcp.message.V1Message;
import org.parley.pcp.message.V2Message;
import org.parley.policy.Decision;
import org.parley.session.ClientSession;

/**
 * What happens to a message that could be read: its sender is checked, then whether it may, then it
 * goes to its target or to the broker. The first check that fails answers it (section 1.6); each
 * message is delivered once or answered by one error.
 */
public final class Router {
  private static final Logger LOG = System.getLogger(Router.class.getName());

  private final Delivery delivery;
  private final Inventory inventory;
  private final VersionTranslator translator;
  private final Replies replies;
  private final Optional<FullV1> full;
  private final PcpUri ownUri;

  /**
   * @param full what version 1 has beyond what deployed brokers serve; empty: not served
   * @param brokerName the common name of the broker's own certificate: {@code pcp://NAME/server} is
   *     the broker, as {@code pcp:///server} is
   */
  public Router(
      Delivery delivery,
      Inventory inventory,
      VersionTranslator translator,
      Replies replies,
      Optional<FullV1> full,
      String brokerName) {
    this.delivery = delivery;
    this.inventory = inventory;
    this.translator = translator;
    this.replies = replies;
    this.full = full;
    this.ownUri = new PcpUri("pcp://" + brokerName + "/server");
  }

  /**
   * Takes one message to its end.
   *
   * @param authorization what the session may send
   */
  Outcome route(ClientSession session, PcpMessage message, Authorization authorization) {
    var own = PcpUri.of(session.uri());
    var targets = message.targets().stream().map(this::canonical).toList();
    var sender = message.sender().orElse(own);
    if (isError(message) && targets.stream().allMatch(PcpUri::isBroker)) {
      // Never answered, by no check: two peers that answer each other's errors would not stop.
      // One to no target (version 1) is for nobody else either: so the broker's own look.
      return Outcome.IGNORED;
    }
    if (!sender.equals(own)) {
      notAuthenticated(session, message, authorization, sender);
      return Outcome.NOT_AUTHENTICATED;
    }
    if (!message.hasAuthorizableCharset()
        || !targets.stream().allMatch(target -> allowed(session, message, target, authorization))) {
      notAuthorized(session, message, authorization);
      return Outcome.NOT_AUTHORIZED;
    }
    if (full.isPresent() && full.get().expired(message)) {
      replies.ttlExpired(session, message.id());
      return Outcome.EXPIRED;
    }
    if (targets.size() == 1 && !targets.getFirst().isWildcard()) {
      return single(session, message, targets.getFirst());
    }
    return full.isPresent() && full.get().multicast(message)
        ? multicast(session, message, targets, authorization, full.get())
        : refused(session, message, Outcome.MULTIPLE_RECIPIENTS);
  }

  /** The broker has two names; from here on it has one. */
  private PcpUri canonical(PcpUri target) {
    return target.equals(ownUri) ? PcpUri.BROKER : target;
  }

  private static boolean allowed(
      ClientSession session, PcpMessage message, PcpUri target, Authorization authorization) {
    return switch (authorization.decide(session, message.messageType(), target)) {
      case Decision.Allowed _ -> true;
      case Decision.Denied(var rule) -> {
        LOG.log(Level.DEBUG, () -> session + " denied by " + rule);
        yield false;
      }
    };
  }

  /** An association request is refused in its own form, and ends the session. */
  private void notAuthorized(
      ClientSession session, PcpMessage message, Authorization authorization) {
    if (isAssociation(message) && authorization.associates()) {
      replies.associationRefused(session, message.id(), ErrorTexts.NOT_AUTHORIZED);
    } else {
      replies.notAuthorized(session, message.id());
    }
  }

  /** A peer that asks for another session of its own name is told that it has one. */
  private void notAuthenticated(
      ClientSession session, PcpMessage message, Authorization authorization, PcpUri sender) {
    if (isAssociation(message) && authorization.associates()) {
      boolean sameName = sender.commonName().equals(session.uri().commonName());
      replies.associationRefused(
          session,
          message.id(),
          sameName ? ErrorTexts.ALREADY_ASSOCIATED : ErrorTexts.NOT_AUTHENTICATED);
    } else {
      replies.error(session, message.id(), ErrorTexts.NOT_AUTHENTICATED);
    }
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

  private Outcome single(ClientSession session, PcpMessage message, PcpUri target) {
    if (target.isBroker()) {
      return receive(session, message);
    }
    if (full.isPresent() && full.get().reportWanted(message)) {
      replies.destinationReport(session, message.id(), full.get().receivers(List.of(target)));
    }
    return answered(session, message, delivery.deliver(session, message, target));
  }

  /**
   * Section 1.3: one copy each; nobody is told of those that are not connected. The broker takes
   * only what is for it alone.
   */
  private Outcome multicast(
      ClientSession session,
      PcpMessage message,
      List<PcpUri> targets,
      Authorization authorization,
      FullV1 extensions) {
    // A report on a wildcard is an inventory: only for those who may ask for one.
    if (extensions.reportWanted(message)
        && targets.stream().anyMatch(PcpUri::isWildcard)
        && authorization.decide(session, MessageTypes.INVENTORY_REQUEST, PcpUri.BROKER)
            instanceof Decision.Denied) {
      replies.notAuthorized(session, message.id());
      return Outcome.NOT_AUTHORIZED;
    }
    var receivers =
        extensions.receivers(targets).stream()
            .filter(to -> allowed(session, message, PcpUri.of(to), authorization))
            .toList();
    if (extensions.reportWanted(message)) {
      replies.destinationReport(session, message.id(), receivers);
    }
    return answered(session, message, delivery.copies(session, message, receivers));
  }

  private Outcome answered(ClientSession session, PcpMessage message, Outcome outcome) {
    return outcome == Outcome.DELIVERED ? outcome : refused(session, message, outcome);
  }

  private Outcome refused(ClientSession session, PcpMessage message, Outcome outcome) {
    replies.error(session, message.id(), outcome.errorText());
    return outcome;
  }

  private Outcome receive(ClientSession session, PcpMessage message) {
    return switch (message.messageType()) {
      case MessageTypes.INVENTORY_REQUEST -> inventory.answer(session, message.id(), data(message));
      case MessageTypes.ASSOCIATE_REQUEST -> {
        replies.associated(session, message.id());
        yield Outcome.HANDLED;
      }
      default -> refused(session, message, Outcome.UNKNOWN_TYPE);
    };
  }

  private Optional<JsonText> data(PcpMessage message) {
    return switch (message) {
      case V1Message v1 -> v1.data().flatMap(translator::json);
      case V2Message v2 -> v2.data();
    };
  }
}
