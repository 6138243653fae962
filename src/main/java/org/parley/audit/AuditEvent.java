package org.parley.audit;

import java.util.Optional;

/**
 * One thing that was done, or was to be done. Never holds a body, a payload, a password or a token.
 *
 * @param peer who did it; empty: the operator, or the broker itself
 * @param object what it was about: a Topic Name or Filter, the target of a message, a setting
 * @param reason a reason code, the name of a refusal or a fixed phrase; empty: there is none
 * @param rule of the policy that has denied it
 * @param detail what else is known
 */
public record AuditEvent(
    Optional<AuditPeer> peer,
    AuditAction action,
    AuditResult result,
    Optional<String> object,
    String reason,
    Optional<String> rule,
    Optional<String> detail) {

  /** An event of nobody about nothing. */
  public static AuditEvent of(AuditAction action, AuditResult result, String reason) {
    return new AuditEvent(
        Optional.empty(),
        action,
        result,
        Optional.empty(),
        reason,
        Optional.empty(),
        Optional.empty());
  }

  public AuditEvent by(AuditPeer whom) {
    return new AuditEvent(Optional.of(whom), action, result, object, reason, rule, detail);
  }

  public AuditEvent about(String what) {
    return new AuditEvent(peer, action, result, Optional.of(what), reason, rule, detail);
  }

  /** Returns it with the rule that has denied it, if that is known. */
  public AuditEvent deniedBy(Optional<String> name) {
    return new AuditEvent(peer, action, result, object, reason, name, detail);
  }

  /** Returns it with what else is known; an empty text is nothing. */
  public AuditEvent with(String more) {
    return new AuditEvent(
        peer,
        action,
        result,
        object,
        reason,
        rule,
        Optional.of(more).filter(text -> !text.isEmpty()));
  }
}
