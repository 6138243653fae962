package org.parley.policy;

import java.util.List;
import org.parley.policy.Decision.Allowed;
import org.parley.policy.Decision.Denied;

/**
 * The policy in force when no policy file is given:
 *
 * <ul>
 *   <li>nobody associates as {@code server}, in any spelling of case;
 *   <li>a peer associates as {@code controller} if its common name is among the controllers;
 *   <li>a peer associates as any other client_type;
 *   <li>only a controller queries the inventory;
 *   <li>only a controller sends requests of the PXP family: a client that holds a certificate must
 *       not be able to run things on the others;
 *   <li>any other message goes through;
 *   <li>whoever has been admitted connects by MQTT, as any Client Identifier;
 *   <li>and publishes to, and subscribes to, every topic that does not begin with {@code $};
 *   <li>of those that do, {@code $SYS/#} may be subscribed to: figures of the broker, and no names.
 * </ul>
 */
public final class BuiltInPolicy implements Policy {
  private static final String CONTROLLER = "controller";
  private static final String FIGURES = "$SYS/#";
  private static final Decision CONNECT = new Allowed("connect");
  private static final Decision PUBLISH = new Allowed("publish");
  private static final Decision DOLLAR_PUBLISH = new Denied("nobody-publishes-to-dollar");
  private static final Decision SUBSCRIBE = new Allowed("subscribe");
  private static final Decision FIGURES_FOR_ALL = new Allowed("figures-for-all");
  private static final Decision DOLLAR_SUBSCRIBE = new Denied("other-dollar-topics");
  private static final Glob PXP_REQUEST = Glob.of("http://puppetlabs.com/rpc_*request");

  /** The same for all: nothing of the subject is kept. */
  private static final TopicDecisions TOPICS =
      new TopicDecisions() {
        @Override
        public Decision publish(String topic, boolean retain) {
          return Topics.isReserved(topic) ? DOLLAR_PUBLISH : PUBLISH;
        }

        @Override
        public Decision subscribe(String filter) {
          if (!Topics.isReserved(filter)) {
            return SUBSCRIBE;
          }
          return Topics.covers(FIGURES, filter) ? FIGURES_FOR_ALL : DOLLAR_SUBSCRIBE;
        }
      };

  private final List<Glob> controllers;

  /**
   * @param controllers common names of the peers that may be controllers; {@code *} stands for any
   *     run of characters
   */
  public BuiltInPolicy(List<String> controllers) {
    this.controllers = controllers.stream().map(Glob::of).toList();
  }

  @Override
  public Decision decide(Action action) {
    return switch (action) {
      case Action.Associate associate -> associate(associate);
      case Action.Send send -> send(send);
      case Action.QueryInventory query ->
          query.subject().isOfType(CONTROLLER)
              ? new Allowed("inventory-for-controllers")
              : new Denied("inventory-for-controllers");
      case Action.Connect _ -> CONNECT;
      case Action.Publish(_, var topic, var retain) -> TOPICS.publish(topic, retain);
      case Action.Subscribe(_, var filter) -> TOPICS.subscribe(filter);
    };
  }

  @Override
  public TopicDecisions topics(Subject subject) {
    return TOPICS;
  }

  private Decision associate(Action.Associate action) {
    var subject = action.subject();
    if (RulePolicy.isReserved(action)) {
      return RulePolicy.RESERVED;
    }
    if (subject.isOfType(CONTROLLER)
        && subject.commonName().filter(name -> Glob.any(controllers, name)).isEmpty()) {
      return new Denied("controllers-are-named");
    }
    return new Allowed("associate");
  }

  private static Decision send(Action.Send action) {
    if (!action.subject().isOfType(CONTROLLER) && PXP_REQUEST.matches(action.messageType())) {
      return new Denied("requests-from-controllers");
    }
    return new Allowed("send");
  }
}
