package org.parley.policy;

import org.parley.core.LogText;

/** Subjects, actions and decisions in plain, log-safe words. */
final class PolicyText {
  private PolicyText() {}

  static String of(Subject subject) {
    return "%s as %s by %s from %s"
        .formatted(
            LogText.escape(subject.principal().commonName()),
            LogText.escape(subject.clientType()),
            subject.protocol(),
            LogText.escape(subject.remoteAddress()));
  }

  static String of(Action action) {
    var what =
        switch (action) {
          case Action.Associate _ -> "associate";
          case Action.QueryInventory _ -> "inventory";
          case Action.Send(_, var target, var messageType) ->
              "send \"%s\" to \"%s\""
                  .formatted(LogText.escape(messageType), LogText.escape(target));
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
