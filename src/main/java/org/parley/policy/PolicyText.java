package org.parley.policy;

import org.parley.core.LogText;

/** Subjects, actions and decisions in plain, log-safe words. */
final class PolicyText {
  private PolicyText() {}

  static String of(Subject subject) {
    return "%s as %s by %s from %s"
        .formatted(
            LogText.escape(name(subject)),
            LogText.escape(subject.clientType().or(subject::clientId).orElse("nobody")),
            subject.protocol(),
            LogText.escape(subject.remoteAddress()));
  }

  /** Names the certificate before the user: it is harder to come by. */
  private static String name(Subject subject) {
    return subject
        .commonName()
        .or(() -> subject.userName().map(name -> "user " + name))
        .orElse("anonymous");
  }

  static String of(Action action) {
    var what =
        switch (action) {
          case Action.Associate _ -> "associate";
          case Action.QueryInventory _ -> "inventory";
          case Action.Send(_, var target, var messageType) ->
              "send \"%s\" to \"%s\""
                  .formatted(LogText.escape(messageType), LogText.escape(target));
          case Action.Connect _ -> "connect";
          case Action.Publish(_, var topic, var retain) ->
              "publish %sto \"%s\"".formatted(retain ? "retained " : "", LogText.escape(topic));
          case Action.Subscribe(_, var filter) ->
              "subscribe \"%s\"".formatted(LogText.escape(filter));
        };
    return of(action.subject()) + ", " + what;
  }

  /** Names the decision and its rule; {@code line} 0 leaves the place out. */
  static String of(Decision decision, int line) {
    var place = line == 0 ? "" : " (line " + line + ")";
    return switch (decision) {
      case Decision.Allowed(var rule) -> "allowed by " + rule + place;
      case Decision.Denied(var rule) -> "denied by " + rule + place;
    };
  }
}
