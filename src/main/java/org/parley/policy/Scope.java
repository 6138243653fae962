package org.parley.policy;

import java.util.List;
import java.util.Optional;

/**
 * What of its actions a rule is about. Of each list one must match; none: whatever it is.
 *
 * @param targets patterns of the URI that a message is for
 * @param messageTypes patterns of the message_type
 * @param topics Topic Filters, for publishing and subscribing
 * @param retain to be retained or not, for publishing; empty: either
 * @param clientIds patterns of the Client Identifier, for connecting, in which {@code *} stands for
 *     any run of characters
 */
public record Scope(
    List<Glob> targets,
    List<Glob> messageTypes,
    List<Template> topics,
    Optional<Boolean> retain,
    List<Template> clientIds) {

  /** Whatever the actions are about. */
  public static final Scope ALL =
      new Scope(List.of(), List.of(), List.of(), Optional.empty(), List.of());

  public Scope {
    targets = List.copyOf(targets);
    messageTypes = List.copyOf(messageTypes);
    topics = List.copyOf(topics);
    clientIds = List.copyOf(clientIds);
  }

  /** Reads a Topic Filter with placeholders; empty if it is none, whatever they stand for. */
  public static Optional<Template> topic(String text) {
    return Template.parse(text).filter(template -> Topics.isFilter(template.sample()));
  }

  /** Reads a pattern of Client Identifiers; it must not ask for the Client Identifier itself. */
  public static Optional<Template> clientId(String text) {
    return Template.parse(text).filter(template -> !template.asksForClientId());
  }

  /** Returns whether target and message_type are all the same to it. */
  boolean isEveryMessage() {
    return targets.isEmpty() && messageTypes.isEmpty();
  }

  boolean hasMessage(String target, String messageType) {
    return (targets.isEmpty() || Glob.any(targets, target))
        && (messageTypes.isEmpty() || Glob.any(messageTypes, messageType));
  }

  boolean hasClientId(Subject subject) {
    if (clientIds.isEmpty()) {
      return true;
    }
    for (var pattern : clientIds) {
      var filled = pattern.fill(subject);
      if (filled.isPresent()
          && subject.clientId().isPresent()
          && Glob.of(filled.get()).matches(subject.clientId().get())) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether the decision may depend on the Client Identifier. */
  boolean asksForClientId() {
    return !clientIds.isEmpty() || topics.stream().anyMatch(Template::asksForClientId);
  }

  /** Returns why it does not have in it what is done, in one log-safe line; empty if it does. */
  Optional<String> mismatch(Action action, Rule.Effect effect) {
    return switch (action) {
      case Action.Send(_, var target, var messageType) -> messageMismatch(target, messageType);
      case Action.Associate _, Action.QueryInventory _ -> Optional.empty();
      case Action.Connect(var subject) ->
          hasClientId(subject)
              ? Optional.empty()
              : Optional.of(
                  Rule.mismatch("client_id", subject.clientId().stream().toList(), clientIds));
      case Action.Publish(var subject, var topic, var retained) ->
          TopicRules.Line.of(this, effect, subject).hasPublication(topic, retained)
              ? Optional.empty()
              : Optional.of(publicationMismatch(topic, retained));
      case Action.Subscribe(var subject, var filter) ->
          TopicRules.Line.of(this, effect, subject).hasSubscription(filter)
              ? Optional.empty()
              : Optional.of(
                  Rule.mismatch("filter", List.of(filter), topics)
                      + (effect == Rule.Effect.ALLOW ? " as a whole" : " in part"));
    };
  }

  private Optional<String> messageMismatch(String target, String messageType) {
    if (!targets.isEmpty() && !Glob.any(targets, target)) {
      return Optional.of(Rule.mismatch("target", List.of(target), targets));
    }
    return hasMessage(target, messageType)
        ? Optional.empty()
        : Optional.of(Rule.mismatch("message_type", List.of(messageType), messageTypes));
  }

  private String publicationMismatch(String topic, boolean retained) {
    return retain.isPresent() && retain.get() != retained
        ? "retain is " + retained
        : Rule.mismatch("topic", List.of(topic), topics);
  }
}
