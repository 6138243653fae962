package org.parley.policy;

/** Decides each action; fast enough to be asked for every message. */
@FunctionalInterface
public interface Policy {
  Decision decide(Action action);
}
