package org.parley.policy;

/** What one policy lets one subject do with topics. */
public interface TopicDecisions {
  /** Decides as for {@link Action.Publish}. */
  Decision publish(String topic, boolean retain);

  /** Decides as for {@link Action.Subscribe}. */
  Decision subscribe(String filter);
}
